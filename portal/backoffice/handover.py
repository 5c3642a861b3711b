"""离任交接: somebody leaves, in one act. Their offices end and their open work goes to a successor, or to the desk."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, reasons
from portal.core.registries import Handed, holdings
from portal.notices.telling import tell
from portal.people.access import roles_of
from portal.people.models import Role, User
from portal.people.offices import GIVEN_BY_HEAD, HEADS, end_role, locked_accounts, may_give
from portal.people.roles import DESK
from portal.places.models import Area

from . import access
from .trail import name_verb

name_verb("office.handed_over", gettext_lazy("离任交接"))

Label = str | Promise


@dataclass(frozen=True)
class InHand:
    """How much of one room somebody has in hand."""

    label: Label
    count: int


@dataclass
class HandedOver:
    """What came of it, room by room: work ``given`` to the successor and work that went ``back`` to the whole desk;
    offices ended, how much is still in hand elsewhere, and by what the leaver still comes in: ``staying`` offices, or
    being the administrator."""

    given: list[InHand] = field(default_factory=list)
    back: list[InHand] = field(default_factory=list)
    ended: list[Role] = field(default_factory=list)
    left: int = 0
    staying: list[Role] = field(default_factory=list)
    administrator: bool = False

    def note(self, label: Label, handed: Handed) -> None:
        """What one room did."""
        for count, entries in ((handed.given, self.given), (handed.back, self.back)):
            if count:
                entries.append(InHand(label, count))


def pieces(entries: list[InHand]) -> int:
    """How many records, all rooms together."""
    return sum(entry.count for entry in entries)


def words(entries: list[InHand]) -> str:
    """“微心愿 3 件、个人信息请求 1 件”; empty for nothing."""
    return "、".join(_("%(label)s %(count)d 件") % {"label": e.label, "count": e.count} for e in entries)


def in_hand(user: User, at: dt.datetime) -> list[InHand]:
    """What ``user`` has in hand, room by room, those with something in them: one query a room."""
    counted = [InHand(holding.label, holding.count(user, at)) for holding in holdings]
    return [entry for entry in counted if entry.count]


def offices_to_end(actor: User, leaver: User, at: dt.datetime) -> list[Role]:
    """The offices of ``leaver`` that are ``actor``'s to end."""
    held = leaver.roles.current(at).select_related("area", "user__person")
    return [role for role in held if may_give(actor, kind=role.kind, area=role.area)]


def may_hand_over(actor: Any, leaver: User, at: dt.datetime) -> bool:
    """The administrator, and the head of a place where the leaver holds an office that a head gives; never oneself."""
    if not actor.is_authenticated or actor.pk == leaver.pk:
        return False
    return access.is_administrator(actor) or (bool(roles_of(actor, HEADS)) and bool(offices_to_end(actor, leaver, at)))


def by_others(leaver: User, at: dt.datetime) -> str:
    """Who can hand over the offices of ``leaver``, who cannot do so by themselves; empty where they hold none."""
    held = list(leaver.roles.current(at).select_related("area"))
    if not held:
        return ""
    given = [role.area for role in held if role.kind in GIVEN_BY_HEAD]
    places = {pk for area in given for pk in area.lineage_ids}
    heads = Role.objects.current(at).filter(kind__in=HEADS, area__in=places, user__is_active=True)
    names = [str(role.user) for role in heads.exclude(user=leaver).select_related("user__person").order_by("pk")[:5]]
    words = _("自己的离任交接不能自己办。")
    if names:
        words += _("请社区负责人%s来办。") % "、".join(names)
    if len(given) < len(held) or not names:
        words += _("社区负责人、街道主管等角色由系统管理员交接：请告诉街道，由街道报系统管理员来办。")
    return words


def successors(actor: User, leaver: User, at: dt.datetime) -> models.QuerySet[User]:
    """Who may follow: of the desk in the places where ``actor`` decides, and not the leaver."""
    offices = Role.objects.current(at).filter(kind__in=DESK)
    if not access.is_administrator(actor):
        headed = Area.objects.below(*(role.area for role in roles_of(actor, HEADS)))
        offices = offices.filter(area__in=headed.values("pk"))
    return User.objects.filter(is_active=True, pk__in=offices.values("user")).exclude(pk=leaver.pk)


def heirs(actor: User, leaver: User, at: dt.datetime) -> models.QuerySet[User]:
    """Who of the successors is offered: those whose offices reach everything that ``actor`` hands over. What such a
    one may not work on all the same (their own matter) still goes back to the desk."""
    users = successors(actor, leaver, at)
    for holding in holdings:
        users = holding.heirs(users, leaver=leaver, actor=actor, at=at)
    return users


@transaction.atomic
def hand_over(*, leaver: User, to: User | None, actor: User, at: dt.datetime, reason: str) -> HandedOver:
    """``leaver`` goes; what they have in hand goes to ``to``, or back to the whole desk (None), as does what ``to`` may
    not work on.

    1. who may, with a reason;
    2. both accounts locked in the order of their keys: nobody takes work in hand, leaves or is appointed meanwhile;
    3. every room moves what is the actor's to move, then the offices end: from the next request on they open nothing;
    4. a line in the record, and both are told.

    PermissionDenied for who may not; ValidationError for a successor who is not of the desk there.
    """
    if not may_hand_over(actor, leaver, at):
        raise PermissionDenied
    reason = reasons.check(reason, _("请写明原因，例如调岗、退休。"))
    accounts = {user.pk: user for user in locked_accounts(*{leaver.pk, *([to.pk] if to is not None else [])})}
    leaving = accounts[leaver.pk]
    heir = accounts[to.pk] if to is not None else None
    if heir is not None and not successors(actor, leaving, at).filter(pk=heir.pk).exists():
        raise ValidationError({"to": _("请选还在任、在您这里办事的同事。")})
    done = HandedOver()
    for holding in holdings:
        done.note(holding.label, holding.hand_over(leaver=leaving, to=heir, actor=actor, at=at))
    for role in offices_to_end(actor, leaving, at):
        end_role(actor=actor, role=role, at=at, reason=reason)
        done.ended.append(role)
    done.left = sum(entry.count for entry in in_hand(leaving, at))
    done.staying = list(leaving.roles.current(at).select_related("area"))
    done.administrator = leaving.is_superuser
    details = {
        "to": heir.pk if heir is not None else None,
        "given": pieces(done.given),
        "back": pieces(done.back),
        "offices": len(done.ended),
    }
    audit.record("office.handed_over", actor_id=actor.pk, subject=leaver, at=at, details=details, reason=reason)
    _tell(leaving, heir, done, at)
    leaver.__dict__.pop("current_roles", None)
    return done


def _tell(leaver: User, heir: User | None, done: HandedOver, at: dt.datetime) -> None:
    """Each what is true of them. That each office ended is said by ``offices``' own subscribers."""
    given, back = words(done.given), words(done.back)
    if leaver.person is not None and (given or back):
        text = "offices.handed_both" if given and back else "offices.handed_on" if given else "offices.handed_back"
        values = {"given": given, "back": back} if given and back else {"rooms": given or back}
        tell(person=leaver.person, text=text, values=values, url="/me/", at=at)
    if heir is not None and heir.person is not None and given:
        tell(person=heir.person, text="offices.taken_over", values={"rooms": given}, url="/admin/", at=at)
