"""The words of messages: every room declares its kinds and its texts in ``texts.py``, and nowhere else are there any.

Usage, in a room's ``texts.py``::

    KIND = declare_kind(Kind("wishes", _("微心愿"), _("您的心愿办到哪一步")))
    declare(Text("wishes.approved", KIND, _("社区受理了您的心愿"), _("%(wish)s")))

and in its acts ``tell(person=…, text="wishes.approved", values={"wish": …}, url=…, at=…)``.

A title is what a text message or the subject of a mail carries to a phone or a mailbox that may have another owner by
now: it is the same for everybody, so it holds no placeholder at all. A body is read behind the sign-in; its
placeholders are ``%(name)s`` and are held against what the act gives.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TITLE_AT_MOST = 40  # characters: with the site's name in front it fits one text message


class Channel(models.TextChoices):
    """How a message reaches a person. In the portal it is kept always, unless its kind is ``optional``."""

    PORTAL = "portal", _("网站里")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")


OUTSIDE = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True)
class Kind:
    """A kind of message, by the word people read and choose by.

    ``channels`` are the ways outside that are possible at all; ``on`` those of them that are open to who has switched
    the channel on and said nothing about the kind. ``urgent`` goes out in quiet hours too: for danger and for what is
    over by morning, not for what is important. ``optional`` may be switched off altogether. ``for_staff`` is offered to
    who works at the desk alone.
    """

    id: str
    label: Words
    note: Words = ""
    channels: frozenset[Channel] = frozenset(OUTSIDE)
    on: frozenset[Channel] = frozenset(OUTSIDE)
    urgent: bool = False
    optional: bool = False
    for_staff: bool = False
    order: int = 100

    @property
    def offered(self) -> tuple[Channel, ...]:
        """The channels about which one may choose, in the order of a page."""
        portal = (Channel.PORTAL,) if self.optional else ()
        return (*portal, *(channel for channel in OUTSIDE if channel in self.channels))

    def by_itself(self, channel: Channel) -> bool:
        """Whether it goes by ``channel`` as long as nothing else was chosen."""
        return channel == Channel.PORTAL or (channel in self.on and channel in self.channels)


@dataclass(frozen=True)
class Text:
    """One message in words. ``id`` begins with its room's name."""

    id: str
    kind: str
    title: Words
    body: Words = ""

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that the body asks for."""
        return frozenset(_PLACEHOLDER.findall(str(self.body)))

    def filled(self, values: dict[str, Any]) -> str:
        """The body with ``values`` in it. ValueError where one is missing, or is not asked for."""
        if missing := self.placeholders - values.keys():
            raise ValueError(f"{self.id}: no value for {', '.join(sorted(missing))}")
        if unknown := values.keys() - self.placeholders:
            raise ValueError(f"{self.id}: the body has no place for {', '.join(sorted(unknown))}")
        return str(self.body) % values if values else str(self.body)


_KINDS: dict[str, Kind] = {}
_TEXTS: dict[str, Text] = {}


def declare_kind(kind: Kind) -> str:
    """Make a room's kind of message known; returns its id. A second kind of one id is an error."""
    if kind.id in _KINDS:
        raise ValueError(f"kind {kind.id} is declared twice")
    _KINDS[kind.id] = kind
    return kind.id


def declare(*texts: Text) -> None:
    """Make texts known. ValueError for an id declared twice, a kind that nobody declared, or words that may not be."""
    for text in texts:
        if text.id in _TEXTS:
            raise ValueError(f"text {text.id} is declared twice")
        if problem := _problem(text):
            raise ValueError(f"text {text.id}: {problem}")
        _TEXTS[text.id] = text


def _problem(text: Text) -> str:
    """What is wrong with ``text``; empty for nothing."""
    if text.kind not in _KINDS:
        return f"kind {text.kind} is not declared"
    title, body = str(text.title), str(text.body)
    if not title or len(title) > TITLE_AT_MOST or "\n" in title:
        return f"a title is one line of at most {TITLE_AT_MOST} characters"
    if "%" in title or "{" in title:
        return "a title holds no placeholder: it goes out to a phone or a mailbox"
    if any(sign.isdigit() for sign in title):
        return "a title holds no number"
    if "%" in _PLACEHOLDER.sub("", body) or "{" in body:
        return "placeholders of a body are written %(name)s"
    return ""


def text_of(text_id: str) -> Text:
    """The declared text. ValueError for one that no room declares."""
    if text_id not in _TEXTS:
        raise ValueError(f"text {text_id} is not declared")
    return _TEXTS[text_id]


def texts() -> Iterable[Text]:
    """Every text, in the order of declaration: floor by floor."""
    return tuple(_TEXTS.values())


def kinds() -> list[Kind]:
    """Every kind by its order."""
    return sorted(_KINDS.values(), key=lambda kind: kind.order)


def kind_of(kind_id: str) -> Kind:
    """The declared kind; for one that no room declares any more, one that goes nowhere outside."""
    return _KINDS.get(kind_id) or Kind(kind_id, kind_id, channels=frozenset(), on=frozenset())


def kind_label(kind_id: str) -> str:
    """The word for a kind; the kind itself for one that no room declares any more."""
    return str(kind_of(kind_id).label)
