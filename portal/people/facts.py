"""Name, sex and birth date: what others rely on. Registered once, they are changed by an act with its reason: 更正登记
at the desk here, a person's own request in ``correcting``. One rule of what may stand there, by whichever door.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, changes, clock, reasons

from . import consenting, names, weighing
from .access import is_own
from .models import DataRequest, Person, User
from .relations import end_outgrown, refuse_own, serves
from .uniqueness import standing_locked

FACTS = ("name", "sex", "birth_date")
EARLIEST = dt.date(1900, 1, 1)  # nobody who lives was born before


def check_birth_date(day: dt.date) -> None:
    """ValidationError for a day on which nobody who lives today can have been born."""
    if not EARLIEST <= day <= clock.today():
        raise ValidationError(
            _("出生日期不能在今天以后，也不能早于 1900 年，写成 1950-03-05 这样。"), code="birth_date"
        )


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` (of ``FACTS``) as they may stand in a record; sex may be empty, the birth date None. ValidationError
    by field, in plain words."""
    kept, wrong = dict(values), {}
    try:
        if "name" in kept:
            kept["name"] = names.clean_name(kept["name"])
    except ValidationError as refusal:
        wrong["name"] = refusal.messages
    if kept.get("sex") and kept["sex"] not in Person.Sex.values:
        wrong["sex"] = [_("请选“女”或“男”。")]
    try:
        if kept.get("birth_date") is not None:
            check_birth_date(kept["birth_date"])
    except ValidationError as refusal:
        wrong["birth_date"] = refusal.messages
    if wrong:
        raise ValidationError(wrong)
    return kept


def may_correct(actor: Any, person: Person) -> bool:
    """The desk that serves the person, who is not the actor."""
    return serves(actor, person) and not is_own(actor, person.pk)


Told = Callable[[Person, list[str], str, dt.datetime], None]
_TOLD: list[Told] = []


def on_corrected(function: Told) -> Told:
    """Subscribe: ``function(person, fields, reason, at)`` runs in the transaction in which the desk corrects."""
    _TOLD.append(function)
    return function


@transaction.atomic
def correct(*, person: Person, values: Mapping[str, Any], actor: User, at: dt.datetime, reason: str) -> list[str]:
    """更正登记: ``values`` (of ``FACTS``) stand in the record from ``at`` on; the names of those that changed.

    1. the desk that serves the person, never one's own record, with a reason that the person reads;
    2. the row is locked; what one has asked for by a request is decided there, not past it;
    3. a slip of the pen only: what weighs more is done by two (``weighing``);
    4. what may stand there; a child's sex as far as its guardian agrees;
    5. the change, with names of fields and the reason on the record and no value, and the person is told.

    PermissionDenied for who does not serve the person; NeedsAnother for what takes two; ValidationError, by field, for
    the rest.
    """
    refuse_own(actor, person)
    if not serves(actor, person):
        raise PermissionDenied
    reason = reasons.check(reason, _("请写明依据，例如核对了身份证。"))
    [standing] = standing_locked(person)
    kept = cleaned(values)
    changed = [name for name in FACTS if name in kept and getattr(standing, name) != kept[name]]
    if not changed:
        raise ValidationError(_("和现在登记的一样，没有要更正的。"))
    _refuse_asked(standing, changed)
    values = {name: kept[name] for name in changed}
    _refuse_for_child(standing, values, clock.local_day(at))
    weighing.refuse_alone(standing, values, actor, at)
    write(standing, values, at)
    audit.record(
        "person.corrected",
        actor_id=actor.pk,
        subject=standing,
        at=at,
        details={"fields": changed},
        reason=reason,
    )
    for function in _TOLD:
        function(standing, changed, reason, at)
    return changed


def _refuse_asked(person: Person, fields: list[str]) -> None:
    """Who entered a request must not carry it out: neither by the way past it."""
    waiting = DataRequest.objects.filter(subject__in=person.record_ids(), state=DataRequest.State.ASKED)
    asked = set(waiting.filter(kind=DataRequest.Kind.CORRECT, field__in=fields).values_list("field", flat=True))
    if asked:
        words = _("本人已经提了更正这一项的请求，请在“个人信息请求”里办。")
        raise ValidationError({field: words for field in fields if field in asked})


def _refuse_for_child(person: Person, values: Mapping[str, Any], day: dt.date) -> None:
    if "birth_date" in values:
        weighing.refuse_ending_childhood(person, values["birth_date"], day)
    if any(values.get(name) for name in consenting.CLEARED_FOR_CHILD):
        consenting.refuse_without_consent(person, day)


def write(person: Person, values: Mapping[str, Any], at: dt.datetime) -> None:
    """Set ``values`` on ``person``, whose row the caller holds. What age has ended is written down as ended by the
    birth date that stands until now: without it a grown child would have guardians again. ValidationError for what is
    kept of a child by its guardian's consent alone while there is none, and for a birth date that would end a childhood
    on which guardians rest."""
    _refuse_for_child(person, values, clock.local_day(at))
    if "birth_date" in values:
        end_outgrown(at=at, children=person.record_ids())
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    changes.changed(person)
