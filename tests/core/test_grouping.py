"""Which heading a paper of a list stands under, and in which order headings come."""

from __future__ import annotations

import pytest

from papertray.core.grouping import GROUPS, Standing, group_of
from papertray.core.model import Pile

PLAIN = Standing(Pile.READ, "", (), None, "")


def test_what_there_is_to_group_by() -> None:
    assert GROUPS == ("pile", "tag", "year", "venue")


@pytest.mark.parametrize(
    ("by", "standings", "names"),
    [
        (
            "pile",
            [
                PLAIN._replace(pile=Pile.SKIP),
                PLAIN._replace(done="2026-11-23"),
                PLAIN,
                PLAIN._replace(pile=Pile.INBOX),
                PLAIN._replace(pile=Pile.STARRED, done="2026-11-23"),
            ],
            ["Starred", "To read", "Read", "Inbox", "Skipped"],
        ),
        (
            "tag",
            [
                PLAIN,
                PLAIN._replace(tags=("vision", "Bayes")),
                PLAIN._replace(tags=("bayes",)),
                PLAIN._replace(tags=("attention", "vision")),
                PLAIN._replace(tags=("\x07",)),
            ],
            ["attention", "Bayes", "Untagged"],
        ),
        (
            "year",
            [PLAIN, PLAIN._replace(year=1998), PLAIN._replace(year=2024), PLAIN._replace(year=-3)],
            ["2024", "1998", "-3", "Year unknown"],
        ),
        (
            "venue",
            [
                PLAIN,
                PLAIN._replace(venue="NeurIPS"),
                PLAIN._replace(venue="ICML"),
                PLAIN._replace(venue=" NEURIPS\n"),
            ],
            ["ICML", "NeurIPS", "Venue unknown"],
        ),
    ],
)
def test_order_and_names_of_groups(by: str, standings: list[Standing], names: list[str]) -> None:
    found = sorted(group_of(each, by) for each in standings)
    first = {group.place: group.name for group in reversed(found)}
    spelled = [name.casefold() for _, name in sorted(first.items())]
    assert spelled == [name.casefold() for name in names]
