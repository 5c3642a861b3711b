"""What the reader began to fill in and left: 我的 and the home page offer to go on with it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.core import drafts
from portal.core.registries import unfinished


@dataclass(frozen=True)
class Left:
    """One form as a page offers it: what it is, what it is ``about`` where that is known, on and out."""

    title: str
    about: str
    url: str
    discard_url: str


def left_by(user: Any, at: dt.datetime) -> list[Left]:
    """The drafts of ``user`` that rooms offer to go on with, in the order of the rooms; none for a visitor. One query,
    and what the words of a draft ask."""
    if not user.is_authenticated:
        return []
    kept = drafts.kept(owner_id=user.pk, forms=[one.id for one in unfinished], at=at)
    return [
        Left(str(one.title), one.words(kept[one.id]), reverse(one.url_name), reverse(one.discard_url_name))
        for one in unfinished
        if one.id in kept
    ]
