"""State changes: one table of moves beside the model, one function that carries them out.

A move is a compare-and-swap: the row is updated only where it still stands in a state the move may start from, and
exactly one row must change, or the move is refused. Its record is written in the same transaction, and rooms above
that subscribed with ``on_move`` act inside it too.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import reasons
from .audit import label_of
from .changes import changed
from .models import Remark, Transition

SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """An edge of a state machine. ``label`` is what its record says to a person (已受理)."""

    name: str
    sources: frozenset[str]
    target: str
    label: str | Promise
    needs_reason: bool = False

    def __init__(
        self, name: str, sources: Iterable[str], target: str, label: str | Promise, needs_reason: bool = False
    ) -> None:
        object.__setattr__(self, "name", str(name))
        object.__setattr__(self, "sources", frozenset(map(str, sources)))
        object.__setattr__(self, "target", str(target))
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "needs_reason", needs_reason)


@dataclass
class MoveTable:
    """All moves of a model, by name."""

    moves: dict[str, Move] = field(default_factory=dict)

    @classmethod
    def of(cls, *moves: Move) -> "MoveTable":
        table = {move.name: move for move in moves}
        if len(table) != len(moves):
            raise ValueError("two moves of one table share a name")
        return cls(table)

    def __getitem__(self, name: str) -> Move:
        return self.moves[name]

    def from_state(self, state: str) -> list[Move]:
        """Moves that may start in ``state``, in the order of the table."""
        return [move for move in self.moves.values() if state in move.sources]

    def final_states(self, states: Iterable[str]) -> set[str]:
        """States that no move leaves."""
        return {str(state) for state in states if not self.from_state(str(state))}


class MoveRefused(Exception):
    """The record is not, or no longer, in a state from which this move starts. ``str`` of it is fit for a person."""

    def __init__(self, message: str, *, state: str = "") -> None:
        super().__init__(message)
        self.state = state


class Stateful(models.Model):
    """A record that moves. Subclasses add ``state`` (a TextChoices field) and ``MOVES``."""

    MOVES: MoveTable

    state_since = models.DateTimeField(editable=False)
    due_on = models.DateField(
        null=True, blank=True, editable=False, help_text="the last day of the present state's term"
    )

    class Meta:
        abstract = True

    def transitions(self) -> models.QuerySet[Transition]:
        """The record's moves, oldest first, each with its remark."""
        return (
            Transition.objects.filter(subject_type=label_of(self), subject_id=self.pk)
            .select_related("remark")
            .order_by("id")
        )


Handler = Callable[[Any, Transition], None]
_HANDLERS: dict[tuple[str, str], list[Handler]] = defaultdict(list)


def on_move(label: str, *names: str) -> Callable[[Handler], Handler]:
    """Subscribe to moves ``names`` (none: all) of the model ``label`` (``wishes.wish``).

    The handler runs inside the move's transaction with the subject and the Transition; an exception undoes the move.
    """

    def register(handler: Handler) -> Handler:
        for name in names or ("*",):
            _HANDLERS[label.lower(), name].append(handler)
        return handler

    return register


def begin(
    subject: Stateful, *, actor_id: int | None, actor_part: str, at: dt.datetime, name: str = "begin"
) -> Transition:
    """Record the birth of ``subject``, which the caller has just saved in its first state."""
    transition = Transition.objects.create(
        subject_type=label_of(subject),
        subject_id=subject.pk,
        name=name,
        source="",
        target=str(subject.state),  # type: ignore[attr-defined]
        actor_id=actor_id,
        actor_part=actor_part,
        at=at,
        due_on=subject.due_on,
    )
    _announce(subject, transition)
    return transition


def move(
    subject: Stateful,
    name: str,
    *,
    actor_id: int | None,
    actor_part: str,
    at: dt.datetime,
    due_on: dt.date | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    guard: models.Q | None = None,
) -> Transition:
    """Carry out the move ``name`` on ``subject``, or raise ``MoveRefused`` and change nothing.

    1. what somebody of the desk gives as ``reason`` is one (``core.reasons``);
    2. the row is updated where it is still in the state this process saw, since the moment it saw (who left the state
       and came back is another), which must be one the move starts from, and where ``guard`` (a further condition on
       the row) holds;
    3. exactly one row must have changed;
    4. the Transition is written, with ``reason`` sealed beside it;
    5. the in-memory ``subject`` carries the new values and subscribers act; one that refuses undoes all of it.
    """
    edge = type(subject).MOVES[name]
    seen = str(subject.state)  # type: ignore[attr-defined]
    if edge.needs_reason and not reason.strip():
        raise MoveRefused(_("请写明理由。"), state=seen)
    if actor_part == "staff" and actor_id is not None and reason.strip() and (words := reasons.problem(reason)):
        raise MoveRefused(words, state=seen)
    if seen not in edge.sources:
        raise MoveRefused(_("这一步现在办不了，可能已经办过或有人先办了，请返回看看最新情况。"), state=seen)
    values = {**(changes or {}), "state": edge.target, "state_since": at, "due_on": due_on}
    with transaction.atomic():
        rows: models.QuerySet[Any] = type(subject)._base_manager.filter(
            models.Q(pk=subject.pk), models.Q(state=seen), models.Q(state_since=subject.state_since)
        )
        if guard is not None:
            rows = rows.filter(guard)
        if rows.update(**values) != 1:
            raise MoveRefused(_("刚刚有人先办了这一步，请刷新后再看。"), state=seen)
        transition = Transition.objects.create(
            subject_type=label_of(subject),
            subject_id=subject.pk,
            name=name,
            source=seen,
            target=edge.target,
            actor_id=actor_id,
            actor_part=actor_part,
            at=at,
            due_on=due_on,
        )
        if reason.strip():
            Remark.objects.create(transition=transition, text=reason.strip())
        _announce_changed(subject, values, transition)
    return transition


def _announce_changed(subject: Stateful, values: dict[str, Any], transition: Transition) -> None:
    """Give ``subject`` its new values and tell subscribers; where one refuses, the old values come back."""
    before, related = dict(subject.__dict__), dict(subject._state.fields_cache)
    for key, value in values.items():
        setattr(subject, key, value)
    try:
        _announce(subject, transition)
    except BaseException:
        subject.__dict__.update(before)
        subject._state.fields_cache = related
        raise


def _announce(subject: Stateful, transition: Transition) -> None:
    changed(subject)
    label = label_of(subject)
    for handler in (*_HANDLERS[label, transition.name], *_HANDLERS[label, "*"]):
        handler(subject, transition)
