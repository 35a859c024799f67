
"use strict";
(() => {
  const box = document.getElementById("words");
  const count = document.getElementById("count");
  const papers = Array.from(document.querySelectorAll("article"));
  const links = Array.from(document.querySelectorAll("nav li"));
  const groups = Array.from(document.querySelectorAll("section"), (section, place) => ({
    section,
    papers: Array.from(section.querySelectorAll("article")),
    link: links[place],
    numbers: [
      links[place].lastElementChild,
      section.querySelector("h2").appendChild(document.createElement("span")),
    ],
  }));

  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const text = (paper) =>
    folded(Array.from(paper.querySelectorAll(".text"), (part) => part.textContent).join("\n"));
  let texts = null; // of all papers, once there is something to find

  const show = () => {
    const words = folded(box.value).split(/\s+/).filter(Boolean);
    if (words.length > 0 && texts === null) texts = papers.map(text);
    let found = 0;
    papers.forEach((paper, place) => {
      paper.hidden = !words.every((word) => texts[place].includes(word));
      if (!paper.hidden) found += 1;
    });
    for (const group of groups) {
      const all = group.papers.length;
      const some = group.papers.filter((paper) => !paper.hidden).length;
      group.section.hidden = group.link.hidden = some === 0;
      for (const number of group.numbers) {
        number.textContent = words.length > 0 ? `${some} of ${all}` : `${all}`;
      }
    }
    const all = papers.length === 1 ? "1 paper" : `${papers.length} papers`;
    count.textContent = words.length > 0 ? `${found} of ${all}` : all;
  };

  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, papers.length > 1000 ? 150 : 30);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape" && box.value !== "") {
      box.value = "";
      show();
    }
  });

  const copy = async (button) => {
    const key = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(key.textContent);
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    } catch {
      getSelection().selectAllChildren(key); // ready for Ctrl-C
    }
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches(".facts button")) copy(event.target);
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    for (const abstract of opened) abstract.open = true;
  });
  addEventListener("afterprint", () => {
    for (const abstract of opened) abstract.open = false;
  });

  document.documentElement.classList.add("script");
  show();
})();
