"""What the record of who did what says about one person, read out to them: who looked, what was done about them, what
they did themselves. The office one held then and the masked name stand for a member of staff."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.audit import label_of
from portal.core.models import AuditEntry, Transition
from portal.core.reading_out import Part, split, table
from portal.core.registries import OwnTable
from portal.people.contacting import CONTACT_SHOWN
from portal.people.models import Person, User
from portal.people.own_records import accounts_of

from . import trail

Ids = list[int]
Most = int | None


def record(person_ids: Ids, most: Most) -> list[OwnTable]:
    """Looks at one's phone and address, other acts on one's record, and what one did."""
    accounts = accounts_of(person_ids)
    person = Q(subject_type=label_of(Person), subject_id__in=person_ids)
    account = Q(subject_type=label_of(User), subject_id__in=accounts)
    look = Q(verb=CONTACT_SHOWN)
    by_others = Q(actor_id__isnull=True) | ~Q(actor_id__in=accounts)
    when = _("时间")
    return [
        *split(
            AuditEntry.objects.filter(person | account),
            (
                Part(
                    _("谁看过您完整的电话和住址"),
                    (when, _("谁看的")),
                    look,
                    lambda entry, actors: (entry.at, _who(entry, actors)),
                ),
                Part(
                    _("别人对您的登记做过什么"),
                    (when, _("谁办的"), _("办了什么")),
                    ~look & by_others,
                    lambda entry, actors: (entry.at, _who(entry, actors), trail.verb_label(entry.verb)),
                ),
            ),
            most,
            beside=lambda entries: _actors(entry.actor_id for entry in entries),
        ),
        *table(
            _("您自己办过什么"),
            (when, _("办了什么")),
            AuditEntry.objects.filter(actor_id__in=accounts).order_by("-pk"),
            lambda entry: (entry.at, trail.verb_label(entry.verb)),
            most,
        ),
        *table(
            _("您把事情办到了哪一步"),
            (when, _("什么事"), _("哪一步")),
            Transition.objects.filter(actor_id__in=accounts).order_by("-pk"),
            lambda move: (move.at, trail.subject_label(move.subject_type), trail.move_label(move)),
            most,
        ),
    ]


def _who(entry: AuditEntry, actors: dict[int, User]) -> str:
    return name_of(actors.get(entry.actor_id or 0), entry.at, entry.actor_id)


def _actors(ids: Iterable[int | None]) -> dict[int, User]:
    wanted = {pk for pk in ids if pk is not None}
    users = User.objects.filter(pk__in=wanted).select_related("person").prefetch_related("roles") if wanted else ()
    return {user.pk: user for user in users}


def name_of(user: User | None, at: dt.datetime, actor_id: int | None = 0) -> str:
    """A member of staff as a resident reads it: the office held at ``at``, the masked name."""
    if user is None:
        return _("系统") if actor_id is None else _("工作人员")
    held = [role for role in user.roles.all() if role.since <= at and (role.until is None or role.until > at)]
    offices = "、".join(dict.fromkeys(role.get_kind_display() for role in held))
    office = offices or (_("系统管理员") if user.is_superuser else _("工作人员"))
    return f"{office} {user.person.name_masked}" if user.person else office
