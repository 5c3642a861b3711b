"""When it takes two of the desk to put two records together: merging opens the one to whoever signs in by the other.

Whoever put a record right lately, or made one for an account that stands, leaves the merging to a colleague. Records
with an account and those of children agree on name and birth date, or one proposes and another carries it out. A
proposal is a line in the history of both records, with its reason; it lapses by itself.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, options, reasons
from portal.core.models import AuditEntry

from . import choices_by_area, contradicting
from .access import is_own
from .models import DataRequest, Person, User

# What is written of the record that would go, and of the one that would stand.
PROPOSED = ("person.merge_proposed", "person.merge_proposed_here")
LASTS = dt.timedelta(days=30)  # of a proposal
MOST = 50  # proposals looked at of one record


def _about(*ids: int) -> models.QuerySet[AuditEntry]:
    """The record of what was done to these records of people."""
    return AuditEntry.objects.filter(subject_type=audit.label_of(Person), subject_id__in=ids)


def quarantine(one: Person, other: Person) -> dt.timedelta:
    """For how long who corrected one of the two does not merge them: the longer of what their communities chose."""
    areas = {record.community for record in (one, other)}
    return dt.timedelta(days=max(options.value(choices_by_area.MERGE_AFTER_DAYS, area) for area in areas))


def stops(one: Person, other: Person, actor: User, at: dt.datetime) -> str:
    """Why ``actor`` alone may not put the two together at ``at``, in words that say what to do; empty where they
    may."""
    ours, theirs = one.record_ids(), other.record_ids()
    if _corrected(actor, [*ours, *theirs], at - quarantine(one, other)):
        return _("您最近更正过其中一条登记，请另一位同事来合并。")
    held = [User.objects.filter(person__in=ids).exists() for ids in (ours, theirs)]
    if any(held) and _entered(actor, [*([] if held[0] else ours), *([] if held[1] else theirs)], at):
        return _("其中一条是您今天录入的，另一条有账号。请另一位同事来合并。")
    weighs = any(held) or contradicting.is_any_minor(ours, theirs, clock.local_day(at))
    if weighs and not contradicting.agree(ours, theirs) and proposal(one, other, actor, at) is None:
        return _(
            "其中一条有账号、或者是未成年人，而两条的姓名和出生日期没有都登记、都一样，要两个人办："
            "一位写明依据提议，另一位同事核对后合并。"
        )
    return ""


def _corrected(actor: User, ids: list[int], since: dt.datetime) -> bool:
    """Whether ``actor`` corrected one of the records, or entered the request by which it was."""
    asked = DataRequest.objects.filter(subject__in=ids, kind=DataRequest.Kind.CORRECT, typist=actor)
    done = asked.filter(state=DataRequest.State.DONE, state_since__gte=since)
    by_act = _about(*ids).filter(verb="person.corrected", actor_id=actor.pk, at__gte=since)
    return by_act.exists() or done.exists()


def _entered(actor: User, ids: list[int], at: dt.datetime) -> bool:
    """Whether ``actor`` entered one of the records on the day of ``at``."""
    begins = clock.start_of(clock.local_day(at))
    return _about(*ids).filter(verb="record.added", actor_id=actor.pk, at__gte=begins).exists()


def proposal(one: Person, other: Person, actor: User, at: dt.datetime) -> AuditEntry | None:
    """The latest proposal to put the two together that stands at ``at`` and is another's than ``actor``'s."""
    found = _standing(one, other, at)
    others = User.objects.filter(pk__in=[row.actor_id for row in found]).exclude(pk=actor.pk)
    proposers = {user.pk for user in others if not is_own(actor, user.person_id)}
    return next((row for row in found if row.actor_id in proposers), None)


def proposed_by(one: Person, other: Person, actor: User, at: dt.datetime) -> bool:
    """Whether ``actor`` has proposed it already, and it stands."""
    return any(row.actor_id == actor.pk for row in _standing(one, other, at))


def _standing(one: Person, other: Person, at: dt.datetime) -> list[AuditEntry]:
    """The proposals for these two that have not lapsed, the latest first. What was merged and taken apart since is
    proposed anew."""
    about = _about(one.pk, other.pk)
    apart = about.filter(verb__in=("person.unmerged", "person.unmerged_here")).order_by("-pk")
    last = apart.values_list("pk", flat=True).first() or 0
    rows = about.filter(verb=PROPOSED[0], at__gte=at - LASTS, pk__gt=last).select_related("remark")
    pair = {one.pk, other.pk}
    return [row for row in rows.order_by("-pk")[:MOST] if {row.subject_id, row.details.get("into")} == pair]


def waiting(people: models.QuerySet[Person], user: User, at: dt.datetime) -> models.QuerySet[AuditEntry]:
    """The proposals about records of ``people`` that wait for another than who made them, the oldest first."""
    standing = people.filter(merged_into__isnull=True).values("pk")
    rows = AuditEntry.objects.filter(verb=PROPOSED[0], at__gte=at - LASTS, subject_type=audit.label_of(Person))
    return rows.filter(subject_id__in=standing).exclude(actor_id=user.pk).order_by("pk")


@transaction.atomic
def write(one: Person, other: Person, actor: User, at: dt.datetime, reason: str) -> None:
    """Put the proposal into the history of both. ValidationError without a reason, and where it stands already."""
    words = reasons.check(reason, _("请写明依据，例如核对了证件。"))
    if proposed_by(one, other, actor, at):
        raise ValidationError(_("您已经提议过，请另一位同事来核对、合并。"))
    for verb, subject, details in (
        (PROPOSED[0], one, {"into": other.pk}),
        (PROPOSED[1], other, {"record": one.pk}),
    ):
        audit.record(verb, actor_id=actor.pk, subject=subject, at=at, details=details, reason=words)
