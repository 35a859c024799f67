"""A Chromium without a window, driven over a pipe: what it shows of a page, and what it asks for.

Import with ``from .browser import CHROMIUM, Browser``. The protocol is Chrome's DevTools protocol,
https://chromedevtools.github.io/devtools-protocol/, messages between NULs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from select import select
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]

_PATIENCE = 60.0
"""Seconds without a word after which a browser hangs."""

CHROMIUM = next(filter(shutil.which, ("chromium", "chromium-browser", "google-chrome")), "chromium")
"""What it is called here."""


class Browser:
    """One page. `asked` are the addresses it wanted, `dialogues` the alerts it raised."""

    def __init__(self, to_it: int, from_it: int) -> None:
        """Both are file descriptors of pipes, of which the browser holds the other ends."""
        self._to = os.fdopen(to_it, "wb", buffering=0)
        self._from = os.fdopen(from_it, "rb", buffering=0)
        self._numbers = count(1)
        self._unread = b""
        self._session = ""
        self.asked: list[str] = []
        self.dialogues: list[str] = []

    def open(self, page: Path) -> None:
        """Show the page in a file, and wait until it is loaded."""
        target = self._do("Target.createTarget", url="about:blank")["targetId"]
        attached = self._do("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self._do(f"{domain}.enable")
        self.asked.clear()
        self._do("Page.navigate", url=page.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def evaluate(self, script: str) -> Any:
        """Return what JavaScript makes of `script`; a promise is waited for."""
        done = self._do(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def waits_for(self, condition: str) -> bool:
        """Tell whether `condition`, JavaScript again, becomes true within five seconds."""
        return bool(
            self.evaluate(
                "new Promise(done => { let left = 250; const look = () =>"
                f" ({condition}) ? done(true) : left-- ? setTimeout(look, 20) : done(false);"
                " look(); })"
            )
        )

    def type(self, text: str) -> None:
        """Type `text` where the cursor is."""
        self._do("Input.insertText", text=text)

    def prefer(self, scheme: str) -> None:
        """Be of a user who likes her pages ``light`` or ``dark``."""
        self._do(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def end(self) -> None:
        """Ask the browser to end."""
        self._session = ""
        self._do("Browser.close")

    def close(self) -> None:
        """Give the pipes back."""
        self._to.close()
        self._from.close()

    def _send(self, method: str, **parameters: Any) -> int:
        number = next(self._numbers)
        message: Message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        return number

    def _do(self, method: str, **parameters: Any) -> Message:
        number = self._send(method, **parameters)
        while (answer := self._next()).get("id") != number:
            pass
        assert "error" not in answer, (method, answer["error"])
        result: Message = answer["result"]
        return result

    def _next(self) -> Message:
        while b"\0" not in self._unread:
            ready, _, _ = select([self._from], [], [], _PATIENCE)
            more = self._from.read(1 << 16) if ready else b""
            assert more, "the browser is gone, or hangs"
            self._unread += more
        text, self._unread = self._unread.split(b"\0", 1)
        message: Message = json.loads(text)
        if message.get("method") == "Network.requestWillBeSent":
            self.asked.append(message["params"]["request"]["url"])
        elif message.get("method") == "Page.javascriptDialogOpening":
            self.dialogues.append(message["params"]["message"])
            self._send("Page.handleJavaScriptDialog", accept=True)  # until then the page waits
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start Chromium with its files in `folder`, and end it again."""
    its_in, to_it = os.pipe()
    from_it, its_out = os.pipe()
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-extensions", "--disable-background-networking",
        f"--user-data-dir={folder}", "--remote-debugging-pipe",
    ]  # fmt: skip
    # The browser reads from 3 and writes to 4, which Python cannot give it by itself.
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{its_in} 4>&{its_out}', "bash", *command],
        pass_fds=(its_in, its_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(its_in)
    os.close(its_out)
    opened = Browser(to_it, from_it)
    try:
        yield opened
        opened.end()
        process.wait(timeout=30)
    finally:
        opened.close()
        if process.poll() is None:
            process.kill()
            process.wait()
