"""What people are told when somebody decides on their ties to a home, on who acts for them, or on their offices."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.models import Transition
from portal.core.moves import on_move
from portal.core.numbers import spaced
from portal.people import consenting
from portal.people.entrusting import on_relation
from portal.people.facts import on_corrected
from portal.people.handling import on_assigned
from portal.people.merging import on_merge
from portal.people.models import (
    Authorisation,
    DataRequest,
    Guardianship,
    Ownership,
    Person,
    RelationState,
    Request,
    Residency,
    Role,
    User,
)
from portal.people.offices import on_office
from portal.people.relations import on_revoked

from .leading import leads_to
from .telling import tell


def _open_requests(user: Any, codes: set[str]) -> Any:
    return DataRequest.objects.own(user).filter(code__in=codes).values_list("code", flat=True)


def _open_desk(user: Any, keys: set[str]) -> set[str]:
    """Every page of the desk, or none: each then shows what the office reaches."""
    return keys if user.is_active and user.is_staff else set()


leads_to("front:correct_request", open=_open_requests)
leads_to("admin", open=_open_desk, closed=_("这是工作台里的事，要有任职才能打开；您现在没有。"))


@on_move("people.residency", "confirm", "refuse", "end")
def tell_of_residency(residency: Residency, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    _tell_of_tie("people.residency", residency, move)


@on_move("people.ownership", "confirm", "refuse", "end")
def tell_of_ownership(ownership: Ownership, move: Transition) -> None:
    """In plain words, with the reason where there is one."""
    _tell_of_tie("people.ownership", ownership, move)


def _tell_of_tie(about: str, tie: Residency | Ownership, move: Transition) -> None:
    """Without a reason the words say the next step; a refusal always has one."""
    values = {"home": str(tie.household)}
    text = f"{about}.{move.name}"
    remark = getattr(move, "remark", None)
    if remark is not None and move.name != "confirm":
        values["reason"] = remark.text
        text += ".reason" if move.name == "end" else ""
    tell(person=tie.person, text=text, values=values, url="/me/homes/", at=move.at)


@on_revoked
def tell_of_revocation(authorisation: Authorisation, by_principal: bool, at: dt.datetime) -> None:
    """Both hear that it is over: the other one, and as a receipt the one who ended it."""
    principal, agent = authorisation.principal, authorisation.agent
    ended, other = (principal, agent) if by_principal else (agent, principal)
    text = "people.authorisation.taken_back" if by_principal else "people.authorisation.laid_down"
    tell(person=other, text=text, values={"name": ended.name}, url="/me/family/", at=at)
    tell(person=ended, text="people.authorisation.ended_by_you", values={"name": other.name}, url="/me/family/", at=at)


@on_relation
def tell_of_relation(row: Guardianship | Authorisation, state: str, reason: str, at: dt.datetime) -> None:
    """Both ends of it hear, and the guardians that a child has already. Who is to be a guardian and is none yet reads
    no more of the child's name than is needed to know it."""
    if isinstance(row, Authorisation):
        _tell_both(row, state, reason, at)
        return
    day, child, guardian = clock.local_day(at), row.child, row.guardian
    named = child.name if state == RelationState.CONFIRMED else child.name_masked
    said = {"relation": row.relation, **({"reason": reason.rstrip("。")} if reason else {})}
    text = f"people.guardianship.{state}"
    tell(person=guardian, text=text, values={"child": named, **said}, url="/me/family/", at=at)
    for other in consenting.guardians_of(child, day):
        if other.resolved != guardian.resolved:
            values = {"child": child.name, "name": guardian.name, **said}
            tell(person=other, text=f"{text}.others", values=values, url="/me/family/", at=at)


def _tell_both(row: Authorisation, state: str, reason: str, at: dt.datetime) -> None:
    refused = {"reason": reason.rstrip("。")} if reason else {}
    what = {} if refused else {"relation": row.relation}
    text = f"people.authorisation.{state}"
    reads = {"name": row.agent.name, **what, **refused}
    tell(person=row.principal, text=text, values=reads, url="/me/family/", at=at)
    reads = {"name": row.principal.name, **refused}
    tell(person=row.agent, text=f"{text}.agent", values=reads, url="/me/family/", at=at)


@on_office
def tell_of_office(role: Role, given: bool, at: dt.datetime) -> None:
    """Whoever holds an office hears of it, and of its end; an account without a person is nobody's."""
    if role.user.person is None:
        return
    values = {"area": str(role.area), "office": role.get_kind_display()}
    tell(person=role.user.person, text="offices.given" if given else "offices.ended", values=values, url="/me/", at=at)


@on_merge
def tell_of_merging(record: Person, into: Person, merged: bool, at: dt.datetime) -> None:
    """Whoever signs in as this human being hears that records were put together or taken apart, either half of it."""
    text = "people.merged" if merged else "people.unmerged"
    for person in [into] if merged else [record, into]:
        tell(person=person, text=text, url="/me/", at=at)


@on_corrected
def tell_of_correction(person: Person, fields: list[str], reason: str, at: dt.datetime) -> None:
    """Whose record the desk put right hears which facts and why; for a child under 14 those who decide for it too."""
    named = "、".join(str(Person._meta.get_field(name).verbose_name) for name in fields)  # type: ignore[union-attr]
    values = {"name": person.name, "fields": named, "reason": reason.rstrip("。")}
    day = clock.local_day(at)
    guardians = consenting.guardians_of(person, day) if consenting.is_child(person, day) else []
    for reader in [person, *guardians]:
        tell(person=reader, text="people.corrected", values=values, url="/me/", at=at)


@on_assigned
def tell_of_work(record: Request, to: User, _actor: User | None, at: dt.datetime) -> None:
    """A colleague, or the head, gave somebody something to do."""
    if to.person is not None:
        what = str(record._meta.verbose_name)
        tell(
            person=to.person,
            text="offices.work_given",
            values={"what": what, "code": record.code},
            url="/admin/",
            at=at,
        )


@on_move("people.datarequest", "apply", "refuse")
def tell_of_data_request(request: DataRequest, move: Transition) -> None:
    """Whose data it is hears the answer, and who asked it for a child."""
    remark = getattr(move, "remark", None)
    values = {"what": request.what, "code": spaced(request.code)}
    text = f"people.datarequest.{move.name}"
    if remark is not None:
        values["reason"] = remark.text.rstrip("。")
        text += ".reason" if move.name == "apply" else ""
    people = {request.asker.resolved.pk: request.asker, request.subject.resolved.pk: request.subject}
    for person in people.values():
        tell(person=person, text=text, values=values, url=f"/me/data/correct/{request.code}/", at=move.at)
