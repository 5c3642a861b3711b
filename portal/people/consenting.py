"""Consents: the notice above the sign-up button, and what one agrees to separately, by purpose and version of its text.

Giving and withdrawing are one act each, equally easy (个人信息保护法 第15条); each leaves one append-only row, and what
rests on the consent starts and stops in the same transaction. A new version of the text asks again: what was said to
the old words does not stand for the new ones (第14条).
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, clock
from portal.core.registries import Purpose, purposes

from .access import CHILD, born_by
from .models import Channel, ConsentRecord, Guardianship, Person, User
from .offices import locked_accounts
from .uniqueness import standing_locked

ACCOUNT_PURPOSE = "people.account"
CHILD_PURPOSE = "people.children"
ACCOUNT_NOTICE_VERSION = "2026-11-c"  # goes up whenever a word below changes; old records keep the version they saw
ACCOUNT_NOTICE = (
    gettext_lazy("我们记下您的姓名、手机号和所在社区，用来登录、办您提出的事、有事时联系您。"),
    gettext_lazy("看得到的人：您本人、您所在社区的工作人员。手机号加密保存，页面上只显示一部分。"),
    gettext_lazy("您随时可以在“我的”里查看、更正、拿走一份、删除您的信息，收回同意，或者注销账号。"),
    gettext_lazy(
        "不会用手机的，更正可以打电话，删除请带证件到社区服务窗口签字，15 个工作日内答复。"
        "法律要求保存的记录除外，会告诉您为什么。"
    ),
    gettext_lazy("不满 14 周岁的孩子，请由监护人注册和办理。"),
)
# What the office keeps of a child by its guardian's consent alone: cleared, and set no more, where it was taken back.
CLEARED_FOR_CHILD = ("sex", "contact_phone", "address")


class WordsChanged(ValidationError):
    """The words that were agreed to are not the ones in force."""


class Standing(StrEnum):
    """How a person stands to a purpose that rests on consent."""

    NEVER = "never"
    GIVEN = "given"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Answer:
    """A person's latest word on a purpose. ``record`` is that word; None where nothing was ever said."""

    purpose: Purpose
    standing: Standing
    record: ConsentRecord | None


def record_account_consent(*, person: Person, version: str, at: dt.datetime) -> ConsentRecord:
    """Note that ``person`` accepted the sign-up notice in ``version``, on the page."""
    return ConsentRecord.objects.create(
        person=person,
        purpose=ACCOUNT_PURPOSE,
        act=ConsentRecord.Act.GIVEN,
        text_version=version,
        at=at,
        channel=Channel.ONLINE,
    )


def is_child(person: Person, day: dt.date) -> bool:
    """Whether ``person`` is under 14 on ``day``, by whichever record of theirs says the birth date; where none does,
    whether a guardian acts for them."""
    born = Person.objects.with_born().values_list("born", flat=True).get(pk=person.pk)
    if born is not None:
        return born > born_by(day, CHILD)
    return Guardianship.objects.in_force(day).filter(child__in=person.resolved.record_ids()).exists()


def children_of(person: Person, day: dt.date) -> list[Person]:
    """The children under 14 for whom ``person`` decides on ``day``, as their guardian: the records that stand."""
    wards = Guardianship.objects.in_force(day).filter(guardian__in=person.resolved.record_ids())
    standing = set(Person.objects.records_of(wards.values_list("child", flat=True)).values())
    # Each is a child with a guardian in force: without a birth date it counts as one.
    found = Person.objects.filter(pk__in=standing).with_born().order_by("pk")
    return [child for child in found if child.born is None or child.born > born_by(day, CHILD)]


def refuse_where_withdrawn(person: Person, day: dt.date) -> None:
    """ValidationError where ``person`` is a child whose guardian took the consent to its data back: nothing new is
    begun for it then."""
    if is_child(person, day) and withdrawn(person=person, purpose=CHILD_PURPOSE):
        raise ValidationError(_("孩子的监护人撤回了同意，不能替孩子办新的事。请监护人在“同意和撤回”里重新同意。"))


def answers(person: Person) -> list[Answer]:
    """The person's word on every purpose that rests on consent and is their business, in the register's order; one
    query for the records."""
    standing = person.resolved
    latest = _latest(standing)
    return [
        _answer(purpose, latest.get(purpose.id))
        for purpose in purposes
        if purpose.consent is not None and (purpose.consent.asked_of(standing) or purpose.id in latest)
    ]


def stands(*, person: Person, purpose: str) -> bool:
    """Whether ``person`` agrees to ``purpose`` in the words that are in force now."""
    return _answer(purposes[purpose], _latest(person.resolved).get(purpose)).standing == Standing.GIVEN


def withdrawn(*, person: Person, purpose: str) -> bool:
    """Whether ``person`` took a consent back and has not given it again."""
    return _answer(purposes[purpose], _latest(person.resolved).get(purpose)).standing == Standing.WITHDRAWN


def give(
    *,
    person: Person,
    purpose: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None = None,
    actor_id: int | None = None,
    version: str | None = None,
) -> ConsentRecord:
    """``person`` agrees to ``purpose`` in the words in force; what rests on it starts with it.

    Repeating it changes nothing. For a child under 14 the ``guardian`` agrees. ``actor_id`` is the account that did it,
    if not the person's own. ``version`` names the words that were shown (None: those in force, where the caller shows
    them in the same step); WordsChanged where it is another. ValueError for a purpose that does not rest on consent;
    ValidationError where a guardian must agree, or is none.
    """
    consent = purposes[purpose].consent
    if version is not None and consent is not None and version != consent.version:
        raise WordsChanged(_("文字刚刚更新了，请看过新的文字再同意。"))
    return _say(ConsentRecord.Act.GIVEN, person, purpose, channel, at, guardian, actor_id)


def withdraw(
    *,
    person: Person,
    purpose: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None = None,
    actor_id: int | None = None,
) -> ConsentRecord | None:
    """``person`` takes the consent to ``purpose`` back; what rests on it stops with it.

    None, and nothing changes, where it was never given or was taken back before. Errors as for giving, but a child may
    take back by itself what its guardian gave.
    """
    return _say(ConsentRecord.Act.WITHDRAWN, person, purpose, channel, at, guardian, actor_id)


@transaction.atomic
def _say(
    act: Any,
    person: Person,
    purpose_id: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None,
    actor_id: int | None,
) -> Any:
    """Write the word down, unless it stands so already, and let the room act on it.

    Account and person are locked first, in this order as everywhere: of two words said at once one is the later, and
    what is switched agrees with it.
    """
    consent = purposes[purpose_id].consent
    if consent is None:
        raise ValueError(f"{purpose_id} does not rest on consent")
    accounts = User.objects.filter(person__in=person.resolved.record_ids())
    locked_accounts(*accounts.values_list("pk", flat=True))
    [standing] = standing_locked(person)
    _check_guardian(standing, guardian, act, clock.local_day(at))
    last = _latest(standing).get(purpose_id)
    given = act == ConsentRecord.Act.GIVEN
    if given and not consent.asked_of(standing):
        raise ValidationError(_("这一项现在用不着您同意。"))
    if given and last is not None and last.act == act and last.text_version == consent.version:
        return last
    if not given and (last is None or last.act == act):
        return None
    row = ConsentRecord.objects.create(
        person=standing,
        purpose=purpose_id,
        act=act,
        text_version=consent.version if given else last.text_version,  # type: ignore[union-attr]
        at=at,
        channel=channel,
        guardian=guardian.resolved if guardian is not None else None,
    )
    (consent.given if given else consent.withdrawn)(standing, at)
    verb = "consent.given" if given else "consent.withdrawn"
    speaker = guardian.resolved if guardian is not None else standing
    if actor_id is None:
        actor_id = User.objects.filter(person__in=speaker.record_ids()).values_list("pk", flat=True).first()
    audit.record(verb, actor_id=actor_id, subject=standing, at=at, details={"purpose": purpose_id})
    return row


def _check_guardian(person: Person, guardian: Person | None, act: Any, day: dt.date) -> None:
    """ValidationError where a guardian must speak, or speaks who is none."""
    if guardian is None:
        if is_child(person, day) and act == ConsentRecord.Act.GIVEN:
            raise ValidationError(_("不满 14 周岁的孩子，要由监护人同意。"))
        return
    if not is_child(person, day):
        raise ValidationError(_("满 14 周岁的，由本人自己决定。"))
    wards = Guardianship.objects.in_force(day).filter(child__in=person.record_ids())
    if not wards.filter(guardian__in=guardian.resolved.record_ids()).exists():
        raise ValidationError(_("您现在不是这个孩子的监护人，不能替孩子决定。"))


def _latest(person: Person) -> dict[str, ConsentRecord]:
    """Purpose → the last word on it, of the person and the records merged into them."""
    records = ConsentRecord.objects.filter(person__in=person.record_ids()).order_by("pk")
    return {record.purpose: record for record in records}


def _answer(purpose: Purpose, record: ConsentRecord | None) -> Answer:
    if record is None:
        return Answer(purpose, Standing.NEVER, None)
    if record.act == ConsentRecord.Act.WITHDRAWN:
        return Answer(purpose, Standing.WITHDRAWN, record)
    current = purpose.consent is not None and record.text_version == purpose.consent.version
    return Answer(purpose, Standing.GIVEN if current else Standing.OUTDATED, record)
