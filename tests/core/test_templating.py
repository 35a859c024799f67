"""Templates of users: what they can say, and what they cannot do."""

from __future__ import annotations

import pytest

from papertray.core.errors import UsageError
from papertray.core.templating import MOST_ROUNDS, Given, Template

VALUES: dict[str, Given] = {
    "title": "On {{ robots }} & <SEG>", "authors": ["Ada Lovelace", "Bob"], "year": 2020,
    "doi": "", "month": None, "long": "x" * 1000,
}  # fmt: skip


def rendered(source: str) -> str:
    return Template(source, "note.md").render(VALUES)


def test_values_come_as_they_are() -> None:
    source = """\
# {{ title }}

{{ authors|join(" and ") }}, {{ year }}{{ month }}; {{ authors }}
{% for author in authors if author != "Bob" %}
- {{ loop.index }} {{ author|upper }}
{% endfor %}
{% if doi %}
doi: {{ doi }}
{% else %}
{% set said = "no" ~ " " ~ "doi" %}
{{ said|replace("no", "without") }}
{% endif %}
"""
    assert rendered(source) == (
        "# On {{ robots }} & <SEG>\n\nAda Lovelace and Bob, 2020; Ada Lovelace, Bob\n"
        "- 1 ADA LOVELACE\nwithout doi\n"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ title.upper() }}", "call may not be used here"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ title|attr('__class__') }}", "No filter named 'attr'"),
        ("{{ self }}{{ self._TemplateReference__context }}", "name may not be used here"),
        ("{% for a in authors %}{{ loop._recurse }}{% endfor %}", "unsafe"),
        ("{% include '/etc/passwd' %}", "include may not be used here"),
        ("{% macro f() %}{{ f() }}{% endmacro %}", "macro may not be used here"),
        ("{{ 'x' * 1000000000 }}", "mul may not be used here"),
        ("{{ 2 ** 1000000000 }}", "pow may not be used here"),
        ("{{ '%s' % title }}", "mod may not be used here"),
        ("{{ range(3) }}", "call may not be used here"),
        ("{{ [1, 2] }}", "list may not be used here"),
        ("{{ _rounds_left }}", "name may not be used here"),
        ("{% for a in authors recursive %}{% endfor %}", "for may not be used here"),
        ("a\n{{ authors", "line 2: unexpected end of template"),
        ("{{ titel }}", "'titel' is undefined"),
        ("{{ title|truncate(1, end=long) }}", "expected length"),
        (f"{{% if {'(' * 3000}1{')' * 3000} %}}{{% endif %}}", "nested too deeply"),
    ],
)  # fmt: skip
def test_what_may_not_be_done_is_told_in_a_sentence(source: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        rendered(source)
    assert said in str(error.value)
    assert str(error.value).startswith("The template note.md cannot be used: ")
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "source",
    [
        "{% set a = long %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
        "{% set a = long %}" + "{% set a = a|join(a) %}" * 9 + "{{ a }}",
        "{% set a = long %}" + "{% set a = a|replace('x', a) %}" * 9 + "{{ a }}",
        "{% for a in long %}{% for b in long %}{% for c in long %}{% endfor %}{% endfor %}"
        "{% endfor %}",
        "{% for a in long %}" + "{{ long }}" * 2 + "{% endfor %}",
    ],
    ids=["together", "join", "replace", "loops", "output"],
)
def test_nothing_goes_on_without_end(source: str) -> None:
    with pytest.raises(UsageError, match=f"{MOST_ROUNDS:,} rounds|1,000,000 characters"):
        rendered(source)


def test_there_may_be_more_filters() -> None:
    template = Template("{{ title|shout }}", "x", {"shout": lambda text: f"{text}!"})
    assert template.render({"title": "On"}) == "On!"
