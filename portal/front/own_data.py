"""What the records of people say about one person: read out whole to that person (个人信息保护法 第45条)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from portal.core.audit import label_of
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.core.templating import date_cn, datetime_cn
from portal.people.contacting import CONTACT_SHOWN
from portal.people.models import ConsentRecord, Person, TieState, User

LOOKS_SHOWN = 100
Rows = list[tuple[str, str, None]]
Group = tuple[str, Rows]


def about(user: Any) -> list[Group]:
    """(title, rows of (label, value, no link)) for each part of the records that holds something."""
    person = user.person.resolved if user.person is not None else None
    groups = [(_("账号"), _account(user))]
    if person is not None:
        groups = [
            (_("本人"), _person(person)),
            *groups,
            (_("住址与房屋"), _ties(person)),
            (_("家人"), _relations(person)),
            (_("您同意过的事"), _consents(person)),
            (_("谁看过您完整的电话和住址"), _looks(person)),
        ]
    return [(title, rows) for title, rows in groups if rows]


def _rows(*pairs: tuple[str, Any]) -> Rows:
    return [(label, str(value) if value else _("没有登记"), None) for label, value in pairs]


def _person(person: Person) -> Rows:
    return _rows(
        (_("姓名"), person.name),
        (_("性别"), person.get_sex_display()),
        (_("出生日期"), date_cn(person.birth_date) if person.birth_date else ""),
        (_("所在社区"), person.community),
        (_("联系电话"), person.contact_phone),
        (_("住址"), person.address),
    )


def _account(user: Any) -> Rows:
    rows = _rows(
        (_("登录手机"), user.phone),
        (_("注册时间"), datetime_cn(user.date_joined)),
        (_("手机号最近一次核实"), datetime_cn(user.phone_confirmed_at) if user.phone_confirmed_at else ""),
        (_("版面"), _("关怀版") if user.elder_mode else _("标准版")),
        (_("重要消息发短信"), _("发") if user.sms_notices else _("不发")),
    )
    return rows + _rows(*((_("担任"), role) for role in user.current_roles))


def _ties(person: Person) -> Rows:
    shown = [TieState.CLAIMED, TieState.CONFIRMED]
    residencies = person.residencies.filter(state__in=shown).select_related("household__building__estate")
    ownerships = person.ownerships.filter(state__in=shown).select_related("household__building__estate")
    return _rows(
        *((f"{tie.get_kind_display()} · {tie.get_state_display()}", tie.household) for tie in residencies),
        *((f"{_('产权')} · {tie.get_state_display()}", tie.household) for tie in ownerships),
    )


def _relations(person: Person) -> Rows:
    """Those for whom one acts and who act for one, with the tie that the desk recorded."""
    wards = person.wards.filter(until__isnull=True).select_related("child")
    guardians = person.guardianships.filter(until__isnull=True).select_related("guardian")
    principals = person.acts_for.filter(until__isnull=True).select_related("principal")
    agents = person.authorisations.filter(until__isnull=True).select_related("agent")
    return _rows(
        *((_("您是监护人"), tie.child.name) for tie in wards),
        *((_("您的监护人"), f"{tie.guardian.name}（{tie.relation}）") for tie in guardians),
        *((_("您可以代办"), f"{tie.principal.name}（{tie.relation}）") for tie in principals),
        *((_("可以替您代办"), f"{tie.agent.name}（{tie.relation}）") for tie in agents),
    )


def _consents(person: Person) -> Rows:
    """The latest word on each purpose, newest first."""
    latest: dict[str, ConsentRecord] = {}
    for record in person.consents.order_by("-id"):
        latest.setdefault(record.purpose, record)
    return _rows(
        *(
            (
                str(purposes[record.purpose].title) if record.purpose in purposes else record.purpose,
                f"{record.get_act_display()} · {datetime_cn(record.at)} · {record.get_channel_display()}",
            )
            for record in latest.values()
        )
    )


def _looks(person: Person) -> Rows:
    """Each look that staff took at the whole phone and address, newest first: when, in which office, the masked name.

    The office is the one held at that moment. Looks at a wish's contact stand on the wish itself.
    """
    entries = list(
        AuditEntry.objects.filter(
            verb=CONTACT_SHOWN, subject_type=label_of(Person), subject_id__in=person.record_ids()
        ).order_by("-id")[:LOOKS_SHOWN]
    )
    actors = User.objects.select_related("person").prefetch_related("roles")
    lookers = {user.pk: user for user in actors.filter(pk__in={entry.actor_id for entry in entries})}
    return _rows(*((datetime_cn(entry.at), _who(lookers.get(entry.actor_id or 0), entry.at)) for entry in entries))


def _who(user: User | None, at: dt.datetime) -> str:
    """A member of staff as a resident reads it: the office held at ``at``, the family name."""
    if user is None:
        return _("工作人员")
    held = [role for role in user.roles.all() if role.since <= at and (role.until is None or role.until > at)]
    offices = "、".join(dict.fromkeys(role.get_kind_display() for role in held))
    office = offices or (_("系统管理员") if user.is_superuser else _("工作人员"))
    return f"{office} {user.person.name_masked}" if user.person else office
