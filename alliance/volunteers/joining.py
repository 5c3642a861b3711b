"""Becoming a volunteer, being cleared, pausing and leaving."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, files, options
from portal.core.models import StoredFile
from portal.core.moves import MoveRefused, begin, move
from portal.core.plaintext import letters_in
from portal.notices.telling import tell
from portal.people import consenting
from portal.people.models import Channel, Person, PersonArea, User
from portal.people.uniqueness import standing_locked
from portal.places.models import Area

from . import choices_by_area as choices
from .models import Skill, Volunteer

FEWEST_LETTERS = 2  # of an introduction that says something


def problem_of_application(skills: Iterable[Skill], introduction: str) -> str:
    """Why an application says too little for the community to know what to ask of this person, for who made it; empty
    where it says enough."""
    if list(skills) or letters_in(introduction) >= FEWEST_LETTERS:
        return ""
    return _("请至少选一样会做的，或者在下面写两句自己能帮什么，社区才好请您帮忙。")


@transaction.atomic
def apply(
    *,
    person: Person,
    community: Area,
    actor: User,
    at: dt.datetime,
    skills: Iterable[Skill] = (),
    availability: str = Volunteer.Availability.ANY,
    introduction: str = "",
    typist: User | None = None,
    channel: str = Channel.ONLINE,
    scan: StoredFile | None = None,
) -> Volunteer:
    """Ask to become a volunteer of ``community``. One who was refused or left asks again with the same record.

    ``typist`` is the member of staff who entered it for somebody at the desk, by which ``channel``, with a ``scan`` of
    the paper where there is one; the paper of an earlier application goes. Raises MoveRefused where the person is a
    volunteer already or waits for an answer, by whichever of their records; ValidationError for a child whose guardian
    does not agree, and where one who asks for oneself says nothing of what one can do. It is kept with the record
    ``person`` as given.
    """
    [own] = standing_locked(person)
    consenting.refuse_without_consent(person, clock.local_day(at))
    part = "requester" if person.pk in actor.person_ids else "staff"
    skills = list(skills)
    if part == "requester" and (words := problem_of_application(skills, introduction)):
        raise ValidationError({"skills": words})
    due_on = clock.due_on(at, options.value(choices.REVIEW_DAYS, community))
    said = {
        "community": community,
        "availability": availability,
        "introduction": introduction,
        "typist": typist,
        "channel": channel,
        "scan": scan,
    }
    by: Any = {"actor_id": actor.pk, "actor_part": part, "at": at}
    volunteer = Volunteer.objects.filter(person__in=own.record_ids()).select_related("scan").first()
    if volunteer is None:
        volunteer = Volunteer(person=person, state_since=at, due_on=due_on, **said)
        _begin(volunteer, by)
    else:
        _begin_again(volunteer, said, due_on, by)
    volunteer.skills.set(skills)
    PersonArea.note(person_id=person.pk, community_id=community.pk)
    return volunteer


def _begin(volunteer: Volunteer, by: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            volunteer.save(force_insert=True)
    except IntegrityError:
        raise MoveRefused(_("您已经申请过了，请在“我的”里查看。")) from None
    begin(volunteer, **by)


def _begin_again(volunteer: Volunteer, said: dict[str, Any], due_on: dt.date, by: dict[str, Any]) -> None:
    """Clearance is a word of the staff who looked; who comes back is looked at again."""
    earlier = volunteer.scan
    anew = {**said, "grid": None, "homes_cleared_on": None, "minors_cleared_on": None}
    move(volunteer, "apply_again", due_on=due_on, changes=anew, **by)
    if earlier is not None:
        files.erase(earlier)


@transaction.atomic
def decide(*, volunteer: Volunteer, accepted: bool, actor: User, at: dt.datetime, reason: str = "") -> None:
    """Accept an application, or refuse it with a reason that the applicant reads."""
    move(
        volunteer,
        "accept" if accepted else "refuse",
        actor_id=actor.pk,
        actor_part="staff",
        at=at,
        reason=reason,
    )
    _tell(volunteer, "volunteers.accepted" if accepted else "volunteers.refused", reason, at)


@transaction.atomic
def clear(*, volunteer: Volunteer, homes: bool, minors: bool, actor: User, at: dt.datetime, reason: str = "") -> None:
    """Set or take back the clearance for going into homes and for serving minors; the day it began is kept.
    MoveRefused for who does not serve, or does so no more."""
    day = clock.local_day(at)
    locked = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if locked.state != Volunteer.State.ACTIVE:
        raise MoveRefused(_("只有服务中的志愿者才设定服务许可。"), state=locked.state)
    locked.homes_cleared_on = (locked.homes_cleared_on or day) if homes else None
    locked.minors_cleared_on = (locked.minors_cleared_on or day) if minors else None
    locked.save(update_fields=["homes_cleared_on", "minors_cleared_on"])
    volunteer.homes_cleared_on, volunteer.minors_cleared_on = locked.homes_cleared_on, locked.minors_cleared_on
    audit.record(
        "volunteer.cleared",
        actor_id=actor.pk,
        subject=volunteer,
        at=at,
        details={"homes": homes, "minors": minors},
        reason=reason,
    )


@transaction.atomic
def pause(*, volunteer: Volunteer, paused: bool, actor: User, at: dt.datetime, reason: str = "") -> None:
    """Suspend an active volunteer with a reason, or let a suspended one serve again."""
    move(volunteer, "suspend" if paused else "resume", actor_id=actor.pk, actor_part="staff", at=at, reason=reason)
    _tell(volunteer, "volunteers.suspended" if paused else "volunteers.resumed", reason, at)


def _tell(volunteer: Volunteer, text: str, reason: str, at: dt.datetime) -> None:
    """What stops a volunteer says why; what lets them serve needs no reason."""
    values = {"reason": reason.strip()} if text in ("volunteers.refused", "volunteers.suspended") else {}
    tell(person=volunteer.person, text=text, values=values, url="/volunteers/", at=at)


@transaction.atomic
def leave(*, volunteer: Volunteer, actor: User, at: dt.datetime) -> None:
    """Stop being a volunteer, or take an application back; hours stay, team memberships end.

    A room where the volunteer still has something in hand refuses from its ``on_move`` with MoveRefused.
    """
    own = volunteer.person_id in actor.person_ids
    move(volunteer, "leave", actor_id=actor.pk, actor_part="volunteer" if own else "staff", at=at)
    volunteer.memberships.filter(until__isnull=True).update(until=clock.local_day(at))
