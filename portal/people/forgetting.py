"""Erasing a person's data on their demand or when their time is over (个人信息保护法 第47条), by the register.

Each purpose erases its own records and says why what stays must stay; everything goes in one transaction or nothing.
What would go is found by doing it and taking it back, so that the page promises what the act does.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, changes, clock, files, remarks
from portal.core.audit import label_of
from portal.core.models import AuditEntry, Draft, SavedFilter, StoredFile
from portal.core.registries import Forgotten, Purpose, open_matters, purposes

from .models import (
    Authorisation,
    ConsentRecord,
    DataRequest,
    Guardianship,
    Ownership,
    Person,
    PersonArea,
    Residency,
    Role,
    TieState,
    User,
)
from .own_records import accounts_of, codes_of
from .relations import end_outgrown

ERASED_NAME = "（已删除）"
# A sealed address for mail cannot be looked for; it stands only where it was confirmed.
HOLDS_SOMETHING = (
    models.Q(phone_index__isnull=False)
    | models.Q(email_confirmed_at__isnull=False)
    | models.Q(last_login__isnull=False)
)
# What a record says of the person.
FACT_WORDS = {
    "name": gettext_lazy("姓名"),
    "sex": gettext_lazy("性别"),
    "birth_date": gettext_lazy("出生日期"),
    "community": gettext_lazy("所在社区"),
    "contact_phone": gettext_lazy("联系电话"),
    "address": gettext_lazy("住址"),
}
Ids = list[int]


@dataclass(frozen=True)
class Prospect:
    """What erasing for one purpose comes to."""

    purpose: Purpose
    erased: int
    kept: str
    parts: Mapping[str, int]

    @property
    def gone(self) -> list[str]:
        """What goes, in words."""
        return self.purpose.said(self.parts)


# -- the acts ---------------------------------------------------------------------------------------------------------


def prospects(*, person: Person, at: dt.datetime, only: set[str] | None = None) -> list[Prospect]:
    """What ``forget`` would come to now, each purpose (of ``only``; None: all) by itself, as it can be chosen by
    itself; nothing is changed."""
    found: list[Prospect] = []
    for purpose in [one for one in purposes if only is None or one.id in only]:
        with transaction.atomic():
            found += _walk(person, {purpose.id}, at)
            transaction.set_rollback(True)
    return [prospect for prospect in found if prospect.erased or prospect.kept]


@transaction.atomic
def forget(
    *, person: Person, at: dt.datetime, actor_id: int | None, only: Iterable[str] | None = None
) -> tuple[AuditEntry, list[Prospect]]:
    """Erase what can be erased for ``person``, for the purposes ``only`` (their ids; None: all of them).

    On the record stands how many records went for which purpose, and of what kind. What was chosen is counted as it was
    offered: where two purposes take one record (a message about a wish), it is counted with both, whichever took it.
    Returns that entry and what it came to.
    """
    chosen = None if only is None else set(only)
    _locked(person)
    offered = prospects(person=person, at=at, only=chosen) if chosen is not None and len(chosen) > 1 else []
    alone = {prospect.purpose.id: prospect for prospect in offered}
    found = [_most_of(done, alone.get(done.purpose.id, done)) for done in _walk(person, chosen, at)]
    counts = {prospect.purpose.id: prospect.erased for prospect in found if prospect.erased}
    parts = {prospect.purpose.id: dict(prospect.parts) for prospect in found if prospect.erased}
    said = {"erased": counts, "parts": parts}
    entry = audit.record("data.erased", actor_id=actor_id, subject=person, at=at, details=said)
    return entry, found


def _most_of(done: Prospect, alone: Prospect) -> Prospect:
    """What was done, with of each kind no less than the purpose takes by itself."""
    names = {**done.parts, **alone.parts}
    parts = {name: max(done.parts.get(name, 0), alone.parts.get(name, 0)) for name in names}
    return replace(done, erased=max(done.erased, alone.erased), parts=parts)


def _locked(person: Person) -> Person:
    """The record that stands, its row held: what they begin meanwhile waits, and is seen or is not there yet."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.resolved.pk)


def _walk(person: Person, only: set[str] | None, at: dt.datetime) -> list[Prospect]:
    ids = _locked(person).record_ids()
    found = []
    for purpose in purposes:
        if purpose.forget is not None and (only is None or purpose.id in only):
            done = purpose.forget(ids, at)
            found.append(Prospect(purpose, done.erased, done.kept, done.parts))
    return found


# -- what each purpose of people erases -------------------------------------------------------------------------------


def binding(person_ids: Ids, at: dt.datetime) -> str:
    """Why the record of this person cannot go as a whole now; empty where nothing binds it."""
    day = clock.local_day(at)
    if User.objects.filter(person__in=person_ids, is_active=True).exists():
        return _("账号还在用。账号注销了，住处登记和没办完的事也都结束以后，才能一起删除。")
    open_ties = {"person__in": person_ids, "state__in": [TieState.CLAIMED, TieState.CONFIRMED]}
    if Residency.objects.filter(**open_ties).exists() or Ownership.objects.filter(**open_ties).exists():
        return _("您在社区还有居住或产权登记，社区依法办理公共服务要用。登记结束以后可以删除。")
    in_force = [
        rows.filter(**{f"{end}__in": person_ids})
        for model, ends in ((Guardianship, ("guardian", "child")), (Authorisation, ("agent", "principal")))
        for rows in (model.objects.in_force(day), model.objects.waiting())
        for end in ends
    ]
    if any(rows.exists() for rows in in_force):
        return _("您还有没结束的监护或代办登记，要看得出是谁。登记结束以后可以删除。")
    waiting = DataRequest.objects.open().filter(subject__in=person_ids).exists()
    if waiting or any(matter.binds and matter.rows(person_ids, at, 1) for matter in open_matters):
        return _("您还有没办完的事，要知道是替谁办、怎么联系。办完以后可以删除。")
    return ""


def forget_person(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """The whole record, where nothing binds it; otherwise the facts that no matter needs. A guardianship that age has
    ended is written down as ended first: without the birth date nothing would say so."""
    end_outgrown(at=at, children=person_ids)
    why = binding(person_ids, at)
    words = remarks.erase(label_of(Person), person_ids) + remarks.erase(label_of(User), accounts_of(person_ids))
    if why:
        gone = _blank_facts(person_ids, at)
        stays = "、".join(str(FACT_WORDS[name]) for name in _held(person_ids))
        return Forgotten(
            sum(gone.values()) + words, _("%(stays)s。%(why)s") % {"stays": stays, "why": why}, {**gone, "words": words}
        )
    held = _held(person_ids)
    records = Person.objects.filter(pk__in=person_ids, erased_on__isnull=True).update(
        name=ERASED_NAME,
        sex="",
        birth_date=None,
        community=None,
        contact_phone="",
        contact_phone_index=None,
        address="",
        erased_on=clock.local_day(at),
    )
    areas = PersonArea.objects.filter(person__in=person_ids).delete()[0]
    changes.rows_changed(Person, person_ids)
    return Forgotten(records + areas + words, parts={**held, "areas": areas, "words": words})


def _held(person_ids: Ids) -> dict[str, int]:
    """Which facts stand in the records of the person, each by its name, and in how many of them."""
    rows = list(Person.objects.filter(pk__in=person_ids, erased_on__isnull=True).select_related("community"))
    found = {name: sum(bool(getattr(row, name)) for row in rows) for name in FACT_WORDS}
    return {name: count for name, count in found.items() if count}


def _blank_facts(person_ids: Ids, at: dt.datetime) -> dict[str, int]:
    """Sex and address, and the birth date unless a guardian acts by it or will; how many of each stood there."""
    lasting = models.Q(until__isnull=True) | models.Q(until__gt=clock.local_day(at))
    minor = Guardianship.objects.filter(lasting, child__in=person_ids).exists()
    rows = Person.objects.filter(pk__in=person_ids)
    housed = [row.pk for row in rows if row.address]
    gone = {"sex": rows.exclude(sex="").update(sex="")}
    if not minor:
        gone["birth_date"] = rows.filter(birth_date__isnull=False).update(birth_date=None)
    gone["address"] = Person.objects.filter(pk__in=housed).update(address="")
    if any(gone.values()):
        changes.rows_changed(Person, person_ids)
    return gone


def forget_account(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """What a closed account still holds. The proof of consents stays."""
    if User.objects.filter(person__in=person_ids, is_active=True).exists():
        return Forgotten(0, _("登录手机、密码、邮箱。账号还在用，要凭它登录；想一起删除，请注销账号。"))
    gone = blank_closed(User.objects.filter(person__in=person_ids))
    agreed = ConsentRecord.objects.filter(person__in=person_ids).exists()
    kept = _("同意和撤回的记录。要用来证明当时征得了您的同意。") if agreed else ""
    return Forgotten(gone, kept, {"account": gone})


def blank_closed(users: Any) -> int:
    """Clear what the closed accounts of the QuerySet ``users`` signed in with; how many had something left."""
    blank: dict[str, Any] = {
        "phone": None,
        "phone_index": None,
        "phone_confirmed_at": None,
        "email": "",
        "email_confirmed_at": None,
        "last_login": None,
        "sms_notices": False,
        "email_notices": False,
    }
    factors = Authenticator.objects.filter(user__in=users.filter(is_active=False).values("pk")).delete()[0]
    ids = list(users.filter(HOLDS_SOMETHING, is_active=False).values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).update(**blank)
    return len(ids) + factors


def forget_homes(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Claims that did not hold. What holds, and what held until lately, is the community's statutory register."""
    gone = erase_ties(person_ids=person_ids, states=[TieState.REFUSED, TieState.WITHDRAWN])
    left = {"person__in": person_ids}
    if Residency.objects.filter(**left).exists() or Ownership.objects.filter(**left).exists():
        kept = _("现在的和结束不久的居住、产权登记。社区依法办理公共服务要用；结束以后到期自动删除。")
        return Forgotten(gone, kept, {"ties": gone})
    return Forgotten(gone, parts={"ties": gone})


def erase_ties(*, person_ids: Ids, states: list[str]) -> int:
    """Delete the person's residencies and ownerships in ``states``, with the reasons beside them; how many."""
    gone = 0
    for model in (Residency, Ownership):
        rows = model._default_manager.filter(person__in=person_ids, state__in=states)
        gone += delete_with_words(rows)
    return gone


def delete_with_words(rows: Any) -> int:
    """Delete the QuerySet ``rows``, what was typed beside them and their scanned papers; whoever keeps a copy hears of
    it. How many."""
    model, ids = rows.model, list(rows.values_list("pk", flat=True))
    if not ids:
        return 0
    remarks.erase(label_of(model), ids)
    standing = model._default_manager.filter(pk__in=ids)
    has_papers = any(column.name == "scan" for column in model._meta.get_fields())
    papers = list(StoredFile.objects.filter(pk__in=standing.exclude(scan=None).values("scan"))) if has_papers else []
    standing.delete()
    for paper in papers:
        files.erase(paper)
    changes.rows_changed(model, ids)
    return len(ids)


def forget_families(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Nothing at once: each tie is another person's as well, and says who was entitled to act."""
    mine = [
        Guardianship.objects.filter(child__in=person_ids),
        Guardianship.objects.filter(guardian__in=person_ids),
        Authorisation.objects.filter(principal__in=person_ids),
        Authorisation.objects.filter(agent__in=person_ids),
    ]
    if not any(rows.exists() for rows in mine):
        return Forgotten(0)
    return Forgotten(0, _("监护和代办的登记。也是对方的登记，用来说明当时由谁办的；结束以后到期自动删除。"))


def forget_codes(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """All but the last day's: the limit of 20 a day counts those."""
    mine = codes_of(person_ids)
    gone = mine.filter(sent_at__lt=at - dt.timedelta(days=1)).delete()[0]
    kept = _("最近一天给您发验证码的时间。要留到明天，用来挡住别人反复给您发短信。") if mine.exists() else ""
    return Forgotten(gone, kept, {"codes": gone})


def forget_offices(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Nothing: who held which office answers for what was done in it."""
    held = Role.objects.filter(user__person__in=person_ids).exists()
    return Forgotten(0, _("任职的区域、角色和起止时间。要和经办的事对得上，依法保存。") if held else "")


def forget_requests(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """What was written in requests that are answered; open ones wait for their answer."""
    mine = DataRequest.objects.filter(subject__in=person_ids)
    gone = blank_requests(mine.filter(state__in=DataRequest.FINAL, erased_on__isnull=True), at)
    kept = _("还没答复的请求。答复以后可以删除，也可以先撤回。") if mine.open().exists() else ""
    return Forgotten(gone, kept, {"requests": gone})


def blank_requests(rows: Any, at: dt.datetime) -> int:
    """Clear what stands in the requests of the QuerySet ``rows``, the paper and the reasons; how many."""
    found = list(rows.select_related("scan"))
    ids = [row.pk for row in found]
    DataRequest.objects.filter(pk__in=ids).update(value="", words="", scan=None, erased_on=clock.local_day(at))
    remarks.erase(label_of(DataRequest), ids)
    for row in found:
        if row.scan is not None:
            files.erase(row.scan)
    return len(ids)


def forget_drafts(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Every form that was begun."""
    gone = Draft.objects.filter(owner_id__in=accounts_of(person_ids)).delete()[0]
    return Forgotten(gone, parts={"drafts": gone})


def forget_filters(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Every filter that was kept under a name."""
    gone = SavedFilter.objects.filter(owner_id__in=accounts_of(person_ids)).delete()[0]
    return Forgotten(gone, parts={"filters": gone})
