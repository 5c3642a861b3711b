"""What is too much for one of the desk alone to correct of a person: by name, sex and birth date others know whose
record it is, who decides for them, and which account opens it.

One corrects a slip of the pen by oneself (``facts.correct``). More is asked for by one and done by another
(``correcting``); a childhood that others rest on is not corrected away at all.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core import audit, clock
from portal.core.models import AuditEntry

from . import consenting
from .access import CHILD, born_by
from .contradicting import plain_name
from .models import Guardianship, Person, User
from .querysets import ADULT

SLIP_OF_YEARS = 10
AGAIN_AFTER = dt.timedelta(days=90)


class NeedsAnother(ValidationError):
    """It takes two: one enters a request, another of the desk carries it out. ``fields`` are what was to change."""

    def __init__(self, words: str, fields: list[str]) -> None:
        super().__init__(words, code="needs_another")
        self.fields = fields


def record_weighs(person: Person, day: dt.date) -> list[str]:
    """Why no correction at all of ``person`` is one's own, in words; empty where a small one is."""
    ids = person.record_ids()
    why = []
    if User.objects.filter(person__in=ids, last_login__isnull=False).exists():
        why.append(_("本人登录过账号"))
    if is_kept_as_child(person, day):
        why.append(_("是有监护或监护人同意的孩子"))
    return why


def is_kept_as_child(person: Person, day: dt.date) -> bool:
    """Whether somebody is, or waits to be, guardian of ``person`` on ``day``, or agreed for them as a child."""
    wards = Guardianship.objects.filter(child__in=person.record_ids())
    if wards.in_force(day).exists() or wards.waiting().exists():
        return True
    return consenting.of_child(person, day) in {consenting.Standing.GIVEN, consenting.Standing.OUTDATED}


def change_weighs(person: Person, values: Mapping[str, Any], day: dt.date) -> list[str]:
    """Why ``values``, which differ from what stands, are no small correction, in words; empty where they are."""
    why = []
    if len(values) > 1:
        why.append(_("一次改了不止一项"))
    if "name" in values and not _is_slip_of_name(plain_name(person.name), plain_name(values["name"])):
        why.append(_("新旧姓名大半的字不同"))
    if "birth_date" in values:
        if _stage(person.birth_date, day) != _stage(values["birth_date"], day):
            why.append(_("改了以后年龄跨过 14 岁或 18 岁"))
        elif not _is_slip_of_day(person.birth_date, values["birth_date"]):
            why.append(_("出生日期改的不止年、月、日里的一个，或者差了十年以上"))
    return why


def _is_slip_of_name(old: str, new: str) -> bool:
    """At least half of the longer one's characters stand in both: 林小荷 for 林晓荷, and nobody else's name."""
    common = sum((Counter(old) & Counter(new)).values())
    return common * 2 >= max(len(old), len(new))


def _is_slip_of_day(old: dt.date | None, new: dt.date | None) -> bool:
    """One of year, month and day was mistaken, the year by ten at most; what is not known may be filled in,
    what is no birth date at all taken out."""
    if old is None or new is None:
        return True
    parts = ((old.year, new.year), (old.month, new.month), (old.day, new.day))
    return sum(one != other for one, other in parts) == 1 and abs(old.year - new.year) <= SLIP_OF_YEARS


def corrected_lately(person: Person, actor: User, at: dt.datetime) -> bool:
    """Whether ``actor`` put this record right within ``AGAIN_AFTER``: slip after slip makes another person of it."""
    done = AuditEntry.objects.filter(subject_type=audit.label_of(Person), subject_id__in=person.record_ids())
    return done.filter(verb="person.corrected", actor_id=actor.pk, at__gte=at - AGAIN_AFTER).exists()


def _stage(born: dt.date | None, day: dt.date) -> int:
    """Child, minor or grown; who has no birth date counts as grown."""
    if born is None or born <= born_by(day, ADULT):
        return 2
    return 0 if born > born_by(day, CHILD) else 1


def refuse_alone(person: Person, values: Mapping[str, Any], actor: User, at: dt.datetime) -> None:
    """NeedsAnother where ``values`` are not for ``actor`` alone to set on ``person``."""
    day = clock.local_day(at)
    why = [*record_weighs(person, day), *change_weighs(person, values, day)]
    if corrected_lately(person, actor, at):
        why.append(_("这条登记您最近已经更正过"))
    if why:
        words = _("这次更正要两个人办：%s。请录一份更正请求，附上看过的证件或本人签字，由另一位同事核对后办好。")
        raise NeedsAnother(words % "，".join(why), list(values))


def refuse_ending_childhood(person: Person, born: dt.date | None, day: dt.date) -> None:
    """ValidationError where ``born`` would make a grown person of who has guardians or is kept by a guardian's consent:
    these are ended first, on the record, and not as a side of something else."""
    if born is None or born > born_by(day, ADULT) or person.birth_date == born:
        return
    if is_kept_as_child(person, day):
        words = _(
            "这条登记是有监护人的孩子，不能改成成年人。真是登记错了，请先在人员页把监护关系结束、"
            "把监护人的同意撤回，再来更正出生日期。"
        )
        raise ValidationError({"birth_date": words})
