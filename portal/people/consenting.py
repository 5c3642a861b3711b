"""Consents: the notice above the sign-up button, and what one agrees to separately, by purpose and version of its text.

Giving and withdrawing are one act each, equally easy (个人信息保护法 第15条); each leaves one append-only row, and what
rests on the consent starts and stops in the same transaction. A new version of the text asks again: what was said to
the old words does not stand for the new ones (第14条).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import asked, audit, clock
from portal.core.models import StoredFile
from portal.core.registries import Purpose, purposes

from .access import CHILD, born_by
from .models import Channel, ConsentRecord, Guardianship, Person, User
from .offices import locked_accounts
from .uniqueness import standing_locked

ACCOUNT_PURPOSE = "people.account"
CHILD_PURPOSE = "people.children"
ACCOUNT_NOTICE_VERSION = "2026-11-d"  # goes up whenever a word below changes; old records keep the version they saw
ACCOUNT_NOTICE = (
    gettext_lazy("我们记下您的姓名、手机号和所在社区，用来登录、办您提出的事、有事时联系您。"),
    gettext_lazy("看得到的人：您本人、您所在社区的工作人员。手机号加密保存，页面上只显示一部分。"),
    gettext_lazy(
        "这些是给您开账号、办事要用的。别的事要您同意才做的，会另外单独问您，不同意不影响办事，随时可以撤回。"
    ),
    gettext_lazy("您随时可以在“我的”里查看、更正、拿走一份、删除您的信息，或者注销账号。"),
    gettext_lazy(
        "不会用手机的，更正可以打电话，删除请带证件到社区服务窗口签字，15 个工作日内答复。"
        "法律要求保存的记录除外，会告诉您为什么。"
    ),
    gettext_lazy("不满 14 周岁的孩子，请由监护人注册和办理。"),
)
# What the office keeps of a child by its guardian's consent alone: set while it stands, cleared where it is taken back.
CLEARED_FOR_CHILD = ("sex", "contact_phone", "address")
MOST_GUARDIANS = 20


class WordsChanged(ValidationError):
    """The words that were agreed to are not the ones in force."""


class Standing(StrEnum):
    """How a person stands to a purpose that rests on consent."""

    NEVER = "never"
    GIVEN = "given"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"


_WHERE_TO_AGREE = gettext_lazy("监护人可以登录以后在“我的”的“同意和撤回”里同意，也可以到社区窗口当面说。")
_NOTHING_NEW = {
    standing: format_lazy("{why}{where}", why=why, where=_WHERE_TO_AGREE)
    for standing, why in (
        (Standing.NEVER, gettext_lazy("孩子不满 14 周岁，还没有监护人的同意，不能替孩子办新的事。")),
        (Standing.OUTDATED, gettext_lazy("同意的文字更新了，监护人看过新的文字、再同意一次，才能替孩子办新的事。")),
        (Standing.WITHDRAWN, gettext_lazy("孩子的监护人撤回了同意，不能替孩子办新的事。")),
    )
}


@dataclass(frozen=True)
class Answer:
    """A person's latest word on a purpose. ``record`` is that word; None where nothing was ever said."""

    purpose: Purpose
    standing: Standing
    record: ConsentRecord | None


def record_account_consent(*, person: Person, version: str, at: dt.datetime) -> ConsentRecord:
    """Note that ``person`` read the sign-up notice in ``version``, on the page: it tells, and asks for no consent."""
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
    standing = set(wards.annotate(standing=F("standing_id")).values_list("standing", flat=True))
    # Each is a child with a guardian in force: without a birth date it counts as one.
    found = Person.objects.filter(pk__in=standing).with_born().order_by("pk")
    return [child for child in found if child.born is None or child.born > born_by(day, CHILD)]


def of_child(person: Person, day: dt.date) -> Standing | None:
    """How the guardian's consent stands for ``person`` on ``day``; None for who is no child under 14. On a page asked
    once."""
    return asked.once((of_child, person.pk, day), lambda: _of_child(person, day))


def _of_child(person: Person, day: dt.date) -> Standing | None:
    if not is_child(person, day):
        return None
    return _answer(purposes[CHILD_PURPOSE], _latest(person.resolved).get(CHILD_PURPOSE)).standing


def missing(person: Person, day: dt.date) -> Standing | None:
    """How far the guardian's consent falls short for ``person`` on ``day``: never given, given to older words, taken
    back. None where it stands in the words in force, and for who is no child under 14."""
    found = of_child(person, day)
    return None if found == Standing.GIVEN else found


def of_wards(children: Iterable[Person], day: dt.date) -> dict[int, tuple[int, Answer]]:
    """A guardian's word on those of ``children``, who all have a guardian in force, that are under 14 on ``day``:
    {record id: (id of the record that stands, the word)}. As many queries for one as for many."""
    ids = [child.pk for child in children]
    standing_of = Person.objects.records_of(ids)
    grown = Person.objects.filter(pk__in=ids).with_born().filter(born__lte=born_by(day, CHILD))
    left = set(ids) - set(grown.values_list("pk", flat=True))
    records = ConsentRecord.objects.filter(person__in=list(standing_of), purpose=CHILD_PURPOSE).order_by("pk")
    records = records.select_related("guardian")
    latest = {standing_of[record.person_id]: record for record in records}
    purpose = purposes[CHILD_PURPOSE]
    return {pk: (one, _answer(purpose, latest.get(one))) for pk in left for one in [standing_of[pk]]}


def refuse_without_consent(person: Person, day: dt.date) -> None:
    """ValidationError, in words that say what to do, where ``person`` is a child whose guardian does not agree in the
    words in force (个人信息保护法 第31条): nothing new is begun for it then. What runs already goes on."""
    lacking = missing(person, day)
    if lacking is not None:
        raise ValidationError(_NOTHING_NEW[lacking], code=CHILD_PURPOSE)


def guardians_of(child: Person, day: dt.date) -> list[Person]:
    """Who may agree for ``child`` on ``day``: the guardians in force, as their ties name them; at most twenty."""
    rows = Guardianship.objects.in_force(day).filter(child__in=child.resolved.record_ids())
    return [row.guardian for row in rows.select_related("guardian").order_by("pk")[:MOST_GUARDIANS]]


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


def give(
    *,
    person: Person,
    purpose: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None = None,
    actor_id: int | None = None,
    version: str | None = None,
    paper: StoredFile | None = None,
) -> ConsentRecord:
    """``person`` agrees to ``purpose`` in the words in force; what rests on it starts with it.

    Repeating it changes nothing. For a child under 14 the ``guardian`` agrees. ``actor_id`` is the account that did it,
    if not the person's own. ``version`` names the words that were shown (None: those in force, where the caller shows
    them in the same step); WordsChanged where it is another. ``paper`` is the signed sheet, where there is one.

    The row is kept with the records as given, so that it is with its own when a merging is undone. ValueError for a
    purpose that does not rest on consent; ValidationError where a guardian must agree, or is none.
    """
    consent = purposes[purpose].consent
    if version is not None and consent is not None and version != consent.version:
        raise WordsChanged(_("文字刚刚更新了，请看过新的文字再同意。"))
    return _say(ConsentRecord.Act.GIVEN, person, purpose, channel, at, guardian, actor_id, paper)


def withdraw(
    *,
    person: Person,
    purpose: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None = None,
    actor_id: int | None = None,
    paper: StoredFile | None = None,
) -> ConsentRecord | None:
    """``person`` takes the consent to ``purpose`` back; what rests on it stops with it.

    None, and nothing changes, where it was never given or was taken back before. Errors as for giving, but a child may
    take back by itself what its guardian gave.
    """
    return _say(ConsentRecord.Act.WITHDRAWN, person, purpose, channel, at, guardian, actor_id, paper)


@transaction.atomic
def _say(
    act: Any,
    person: Person,
    purpose_id: str,
    channel: str,
    at: dt.datetime,
    guardian: Person | None,
    actor_id: int | None,
    paper: StoredFile | None,
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
        person=person,
        purpose=purpose_id,
        act=act,
        text_version=consent.version if given else last.text_version,  # type: ignore[union-attr]
        at=at,
        channel=channel,
        guardian=guardian,
        paper=paper,
    )
    (consent.given if given else consent.withdrawn)(standing, at)
    verb = "consent.given" if given else "consent.withdrawn"
    speaker = guardian.resolved if guardian is not None else standing
    if actor_id is None:
        actor_id = User.objects.filter(person__in=speaker.record_ids()).values_list("pk", flat=True).first()
    audit.record(verb, actor_id=actor_id, subject=person, at=at, details={"purpose": purpose_id})
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
