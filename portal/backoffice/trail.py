"""The record of an object as the desk reads it: audit entries and state changes, in Chinese, in one order of time.

Rooms name their audit verbs and the parts of their actors here, so that no English word reaches a page::

    name_verb("wish.contact_shown", _("查看联系方式"))
    name_part("volunteer", _("志愿者"))
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import asked, options
from portal.core.audit import label_of
from portal.core.models import AuditEntry, Transition
from portal.core.promises import promised
from portal.core.scrub import scrub
from portal.people.contacting import PHONE_SEARCHED
from portal.people.models import User

Text = str | Promise
LATEST = 200  # rows of each kind that a history page reads

_VERBS: dict[str, Text] = {}
_PARTS: dict[str, Text] = {
    "staff": gettext_lazy("工作人员"),
    "requester": gettext_lazy("本人"),
    "guardian": gettext_lazy("监护人"),
    "relative": gettext_lazy("代办人"),
    "system": gettext_lazy("系统"),
}


def name_verb(verb: str, label: Text) -> str:
    """Declare the Chinese for an audit verb; a second word for one verb is an error."""
    if verb in _VERBS:
        raise ValueError(f"verb {verb} is named twice")
    _VERBS[verb] = label
    return verb


def name_part(part: str, label: Text) -> None:
    """Declare the Chinese for the part that an actor of a move played; saying the same again changes nothing."""
    if _PARTS.setdefault(part, label) != label:
        raise ValueError(f"part {part} is named twice")


def verbs() -> dict[str, Text]:
    """Every named verb with its label, in the order of naming."""
    return dict(_VERBS)


def verb_label(verb: str) -> str:
    """The Chinese of ``verb``; a plain word for one that no room has named."""
    return str(_VERBS.get(verb, _("其他操作")))


def part_label(part: str) -> str:
    """The Chinese of an actor's part; empty for one that is not named."""
    return str(_PARTS.get(part, ""))


def subject_label(subject_type: str) -> str:
    """The Chinese of a record's kind (``places.area`` → 区域); empty for none or for one that is gone."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name) if subject_type else ""
    except LookupError:
        return ""


def names_of(user_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Account id → the name to show, in one query, on a page none for who is known from it; the system and accounts
    that are gone have theirs too."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    names = asked.each("names", wanted, _names) if wanted else {}
    return {None: _("系统"), **{pk: names.get(pk) or _("账号 %s") % pk for pk in wanted}}


def _names(user_ids: set[int]) -> dict[int, str]:
    users = User.objects.filter(pk__in=user_ids).select_related("person")
    return {user.pk: str(user.person) for user in users if user.person}


def move_label(move: Transition) -> str:
    """What a state change says: its label in the table of its model; 提出 for a first state."""
    try:
        table = getattr(apps.get_model(move.subject_type), "MOVES", None)
    except LookupError:
        table = None
    edge = table.moves.get(move.name) if table is not None else None
    if edge is not None:
        return str(edge.label)
    return _("其他变更") if move.source else _("提出")


def moves_by_label() -> dict[str, list[tuple[str, str]]]:
    """Every state change that there is, by what it is called: the kind of record and the name of the move."""
    found: dict[str, list[tuple[str, str]]] = {}
    for model in apps.get_models():
        table = getattr(model, "MOVES", None)
        for name, edge in table.moves.items() if table is not None else ():
            found.setdefault(str(edge.label), []).append((model._meta.label_lower, name))
    return found


def field_words(model: type[models.Model] | None, names: Iterable[str]) -> str:
    """Field names as their Chinese labels: “姓名、住址”. A name that is no field of ``model`` is left out."""
    words = []
    for name in names:
        try:
            words.append(str(model._meta.get_field(name).verbose_name) if model else "")  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return "、".join(filter(None, words))


# Acts by which work passes from hand to hand: their details say to whom.
HANDED = frozenset({"request.assigned", "request.handed_over"})


def names_for(entries: Iterable[AuditEntry], *others: int | None) -> dict[int | None, str]:
    """The names that ``entries`` need: of those who acted, and of those from whom work went to whom; one query."""
    entries = list(entries)
    given = [entry.details.get(end) for entry in entries if entry.verb in HANDED for end in ("from", "to")]
    return names_of([*(entry.actor_id for entry in entries), *given, *others])


def details_text(entry: AuditEntry, names: dict[int | None, str] | None = None) -> str:
    """What an entry's details say, in words: the fields touched, the option set, and, with ``names``, from whom work
    went to whom. Other ids and counts stay in the table."""
    details = entry.details
    if names is not None and entry.verb in HANDED:
        return _handed(details.get("from"), details.get("to"), names)
    try:
        model = apps.get_model(entry.subject_type) if entry.subject_type else None
    except LookupError:
        model = None
    if entry.verb == PHONE_SEARCHED:
        return _("找到 %d 人") % details["found"] if details.get("found") else _("没有找到")
    if isinstance(details.get("fields"), list):
        return field_words(model, details["fields"])
    option = options.declared().get(details.get("key", ""))
    if option is not None:
        value = option.show(details["value"]) + str(option.unit) if "value" in details else ""
        return f"{option.label} {value}".strip()
    return ""


def _handed(before: int | None, to: int | None, names: dict[int | None, str]) -> str:
    """从易清明交给贺秋分; 从易清明退回窗口"""

    def name(user_id: int) -> str:
        return names.get(user_id) or _("账号 %s") % user_id

    start = _("从%s") % name(before) if before is not None else ""
    return start + (_("退回窗口") if to is None else _("交给%s") % name(to))


@dataclass(frozen=True)
class Step:
    """One line of a history: when, who in which part, what, and what they wrote beside it. ``due_on`` is the term that
    runs now, on the last move alone."""

    at: dt.datetime
    who: str
    part: str
    what: str
    details: str = ""
    remark: str = ""
    due_on: dt.date | None = None

    @property
    def term(self) -> str:
        """That term in words: by when, or by how long it is over."""
        return promised(self.due_on, ahead=_("%(day)s前办"), past=_("本应在%(day)s前办，已超期%(days)d天"))


def steps_of(
    obj: models.Model, *, newest_first: bool = False, ids: list[int] | None = None, seen: models.Q | None = None
) -> list[Step]:
    """Everything on record about ``obj``: three queries, whatever its length (bounded by ``LATEST`` of each kind).
    ``ids`` are the keys of all its records where it has several; ``seen`` says which audit entries the reader may see.

    Remarks are shown as far as they are not erased, with anything that looks like a phone or ID number masked.
    """
    mine = {"subject_type": label_of(obj), "subject_id__in": ids or [obj.pk]}
    read = AuditEntry.objects.filter(seen or models.Q(), **mine)
    return joined(read, Transition.objects.filter(**mine), newest_first=newest_first)


def joined(read: Any, moved: Any, *, newest_first: bool = False, decided: bool = True) -> list[Step]:
    """Audit entries and state changes of one record, each as far as the reader may know them, in one order of time; the
    latest ``LATEST`` of each. ``decided``: with the reasons of the state changes, which belong to who may open it."""
    entries: list[AuditEntry] = list(read.select_related("remark").order_by("-id")[:LATEST])
    moves: list[Transition] = list(moved.select_related("remark").order_by("-id")[:LATEST])
    names = names_for(entries, *(row.actor_id for row in moves))
    steps = [_move_step(move, names, last=move is moves[0], decided=decided) for move in reversed(moves)]
    steps += [_entry_step(entry, names) for entry in reversed(entries)]
    steps.sort(key=lambda step: step.at)  # what happened in one moment stays in its order
    return steps[::-1] if newest_first else steps


def remark_of(row: Any) -> str:
    """What was written beside an entry or a move (fetched with it), with anything like a number masked."""
    return scrub(row.remark.text) if hasattr(row, "remark") else ""


def _entry_step(entry: AuditEntry, names: dict[int | None, str]) -> Step:
    return Step(
        at=entry.at,
        who=names[entry.actor_id],
        part="",
        what=verb_label(entry.verb),
        details=details_text(entry, names),
        remark=remark_of(entry),
    )


def _move_step(move: Transition, names: dict[int | None, str], *, last: bool, decided: bool) -> Step:
    return Step(
        at=move.at,
        who=names[move.actor_id],
        part=part_label(move.actor_part) if move.actor_id is not None else "",
        what=move_label(move),
        remark=remark_of(move) if decided else "",
        due_on=move.due_on if last else None,
    )


name_verb("record.added", gettext_lazy("录入"))
name_verb("record.changed", gettext_lazy("修改"))
name_verb("option.set", gettext_lazy("设定社区选项"))
name_verb("option.cleared", gettext_lazy("社区选项改回沿用上级"))
name_verb("appendonly.lifted", gettext_lazy("打开只增表的门（到期删除）"))
