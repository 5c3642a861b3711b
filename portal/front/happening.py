"""The home page's week and news and its telephone numbers, from what the rooms registered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core import asked
from portal.core.registries import Call, Directory, Happening, Source, directories, news, weeks

MOST = 5
MOST_CALLS = 6


@dataclass(frozen=True)
class Block:
    """Lines under one heading, with the page that has all of them."""

    title: str
    lines: list[Happening]
    more_url: str
    more_label: str

    @property
    def dated(self) -> bool:
        """Whether a day stands before each line: not before lines that are about no day."""
        return all(line.at is not None for line in self.lines)


def week_of(community: Any, at: dt.datetime) -> list[Block]:
    """What happens in ``community``: dated things of all rooms under “这一周”, then the blocks with a title of their
    own. A block without a line is not there."""
    return _blocks(weeks, community, at, _("这一周"), newest_first=False)


def news_of(community: Any, at: dt.datetime) -> list[Block]:
    """What was done in ``community``, the latest first, in blocks like the week's."""
    return _blocks(news, community, at, _("社区新闻"), newest_first=True)


def _blocks(
    sources: Iterable[Source], community: Any, at: dt.datetime, title: str, *, newest_first: bool
) -> list[Block]:
    together: list[Source] = []
    blocks: list[Block] = []
    for source in sources:
        if not source.title:
            together.append(source)
        elif lines := source.rows(community, at, MOST):
            blocks.append(_block(str(source.title), lines, source))
    lines = [line for source in together for line in source.rows(community, at, MOST)]
    if not lines:
        return blocks
    dated = sorted((line for line in lines if line.at), key=lambda line: line.at or at, reverse=newest_first)
    lines = [*dated, *(line for line in lines if line.at is None)]
    more = next((source for source in together if source.more), together[0])
    return [_block(title, lines[:MOST], more), *blocks]


def _block(title: str, lines: list[Happening], source: Source) -> Block:
    more = reverse(source.more) if source.more else ""
    query = f"?{source.more_query}" if more and source.more_query else ""
    return Block(title, lines, more + query, str(source.more_label or _("全部")))


def calls_of(community: Any, at: dt.datetime) -> list[Call]:
    """Numbers that are reached with one tap, the community's own first; a number stands once. Where nobody answers at
    ``at`` a number says from when on somebody does."""
    found: dict[str, tuple[Directory, Call]] = {}
    for directory in directories:
        for call in directory.calls(community):
            found.setdefault(call.phone, (directory, call))
    shown = list(found.values())[:MOST_CALLS]
    with asked.one_page():
        return [replace(call, closed=directory.closed(call, at)) for directory, call in shown]
