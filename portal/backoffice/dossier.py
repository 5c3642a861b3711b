"""What the rooms below know of a person, a household or a building: homes, family, consents, offices, their record.

Ties are seen by the household's place, families by whom they are about, offices by whoever oversees them: a member of
staff sees on these pages what their own lists show, and nothing besides.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.models import AuditEntry, Transition
from portal.core.registries import (
    BUILDING,
    HOUSEHOLD,
    PERSON,
    Event,
    OnBehalf,
    Panel,
    Row,
    Strand,
    on_behalf,
    panels,
    purposes,
    strands,
)
from portal.core.templating import date_cn
from portal.people import merging
from portal.people.access import one_of
from portal.people.models import (
    Authorisation,
    ConsentRecord,
    Guardianship,
    Ownership,
    Representative,
    Residency,
    Role,
    TieState,
)
from portal.people.roles import DESK

from . import access, trail

TONES = {
    TieState.CLAIMED: "amber",
    TieState.CONFIRMED: "green",
    TieState.REFUSED: "red",
    TieState.WITHDRAWN: "plain",
    TieState.ENDED: "plain",
}
_TO = {PERSON: "person__in", HOUSEHOLD: "household__in", BUILDING: "household__building__in"}
_PLACE = ("person", "household__building__estate")
Ids = list[int]
Until = dt.datetime | None


def _page(obj: Any) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def upto(rows: QuerySet[Any], most: int, until: Until) -> list[Any]:
    """The latest ``most`` of rows that have a moment ``at``, none later than ``until``."""
    rows = rows if until is None else rows.filter(at__lte=until)
    return list(rows.order_by("-at", "-id")[:most])


def audited(entries: Iterable[AuditEntry], url: Callable[[AuditEntry], str] = lambda _entry: "") -> list[Event]:
    """Entries of the record as moments, in words; one query for the names."""
    entries = list(entries)
    names = trail.names_of(entry.actor_id for entry in entries)
    return [
        Event(
            at=entry.at,
            text="：".join(filter(None, (trail.verb_label(entry.verb), trail.details_text(entry)))),
            url=url(entry),
            who=names[entry.actor_id],
        )
        for entry in entries
    ]


def moved(
    transitions: Iterable[Transition], text: Callable[[Transition], str], url: Callable[[Transition], str]
) -> list[Event]:
    """State changes as moments; one query for the names."""
    transitions = list(transitions)
    names = trail.names_of(move.actor_id for move in transitions)
    return [Event(at=move.at, text=text(move), url=url(move), who=names[move.actor_id]) for move in transitions]


def _newest(events: Iterable[Event], most: int) -> list[Event]:
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def _subject_url(row: Any) -> str:
    app, model = row.subject_type.split(".")
    return reverse(f"admin:{app}_{model}_change", args=[row.subject_id])


def _about(rows: dict[str, QuerySet[Any]]) -> Q:
    """That an entry or a move is about one of ``rows``, by kind of record."""
    condition = Q(pk__in=[])
    for label, found in rows.items():
        condition |= Q(subject_type=label, subject_id__in=found.values("pk"))
    return condition


# -- homes -------------------------------------------------------------------------------------------------------------


def _ties(user: Any, model: Any, of: str, ids: Ids) -> QuerySet[Any]:
    return access.ties_in(user, model).filter(**{_TO[of]: ids})


def _home_events(of: str) -> Callable[[Any, Ids, int, Until], list[Event]]:
    def events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
        """Claims and what became of them; who spoke for a household."""
        ties = {f"people.{m.__name__.lower()}": _ties(user, m, of, ids) for m in (Residency, Ownership)}
        moves = upto(Transition.objects.filter(_about(ties)), most, until)
        spoke = {"people.representative": _ties(user, Representative, of, ids)}
        entries = upto(AuditEntry.objects.filter(_about(spoke)), most, until)
        told = moved(moves, lambda m: f"{trail.subject_label(m.subject_type)}：{trail.move_label(m)}", _subject_url)
        return _newest([*told, *audited(entries, _subject_url)], most)

    return events


def _share(tie: Ownership) -> str:
    whole = tie.share_numerator == tie.share_denominator
    return _("产权") if whole else _("产权 %(share)s") % {"share": f"{tie.share_numerator}/{tie.share_denominator}"}


def _span(row: Any) -> str:
    """“自2020年5月1日”, or from when to when."""
    if row.until is None:
        return _("自%(day)s") % {"day": date_cn(row.since)}
    return _("%(since)s至%(until)s") % {"since": date_cn(row.since), "until": date_cn(row.until)}


def _tie_row(tie: Any, title: str) -> Row:
    part = _share(tie) if isinstance(tie, Ownership) else tie.get_kind_display()
    return Row(
        title=title,
        sub=f"{part} · {_span(tie)}",
        badge_text=tie.get_state_display(),
        badge_tone=TONES[TieState(tie.state)],
        url=_page(tie),
    )


_STANDING = [TieState.CLAIMED, TieState.CONFIRMED]


def _standing_first(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda tie: tie.state not in _STANDING)


def _homes(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        ties += _ties(user, model, PERSON, ids).select_related(*_PLACE).order_by("-id")[:most]
    return [_tie_row(tie, str(tie.household)) for tie in _standing_first(ties)][:most]


def _housemates(user: Any, ids: Ids, most: int) -> list[Row]:
    """Who else lives where the person lives, as far as it is confirmed."""
    own = _ties(user, Residency, PERSON, ids).filter(state=TieState.CONFIRMED)
    others = access.ties_in(user, Residency).filter(state=TieState.CONFIRMED, household__in=own.values("household"))
    rows = others.exclude(person__in=ids).select_related(*_PLACE, "person__merged_into").order_by("household", "id")
    return [
        Row(
            title=tie.person.resolved.name,
            sub=f"{tie.get_kind_display()} · {tie.household}",
            url=_page(tie.person.resolved),
        )
        for tie in rows[:most]
    ]


def _of_household(model: Any, states: list[TieState]) -> Callable[[Any, Ids, int], list[Row]]:
    def rows(user: Any, ids: Ids, most: int) -> list[Row]:
        ties = _ties(user, model, HOUSEHOLD, ids).filter(state__in=states)
        return [_tie_row(tie, tie.person.name) for tie in ties.select_related(*_PLACE).order_by("-id")[:most]]

    return rows


def _speakers(user: Any, ids: Ids, most: int) -> list[Row]:
    found = _ties(user, Representative, HOUSEHOLD, ids).select_related("person").order_by("-id")[:most]
    now = str(_("现任"))
    return [
        Row(
            title=row.person.name,
            sub=_span(row),
            badge_text=now if row.until is None else str(_("以前")),
            badge_tone="green" if row.until is None else "plain",
            url=_page(row),
        )
        for row in found
    ]


def _former(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        past = _ties(user, model, HOUSEHOLD, ids).exclude(state__in=_STANDING)
        ties += past.select_related(*_PLACE).order_by("-state_since", "-id")[:most]
    ties.sort(key=lambda tie: tie.state_since, reverse=True)
    return [_tie_row(tie, tie.person.name) for tie in ties[:most]]


def _waiting(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        open_ones = _ties(user, model, BUILDING, ids).filter(state=TieState.CLAIMED)
        ties += open_ones.select_related(*_PLACE).order_by("due_on", "id")[:most]
    ties.sort(key=lambda tie: tie.state_since)
    return [_tie_row(tie, f"{tie.household} {tie.person.name}") for tie in ties[:most]]


# -- family ------------------------------------------------------------------------------------------------------------


def _families(user: Any, ids: Ids) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Guardianships and authorisations of the person, as far as the desk serves whom they are about."""
    people = access.people_in(user).values("pk")
    children = Guardianship.objects.filter(one_of("child", people))
    elders = Authorisation.objects.filter(one_of("principal", people))
    return (
        children.filter(Q(child__in=ids) | Q(guardian__in=ids)),
        elders.filter(Q(principal__in=ids) | Q(agent__in=ids)),
    )


def _family_events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    children, elders = _families(user, ids)
    about = _about({"people.guardianship": children, "people.authorisation": elders})
    return audited(upto(AuditEntry.objects.filter(about), most, until), _subject_url)


def _family(user: Any, ids: Ids, most: int) -> list[Row]:
    children, elders = _families(user, ids)
    rows: list[tuple[Any, str, str]] = []
    for row in children.select_related("child", "guardian").order_by("-id")[:most]:
        mine = row.child_id in ids
        rows.append((row, row.guardian.name if mine else row.child.name, _("监护人") if mine else _("被监护的孩子")))
    for row in elders.select_related("principal", "agent").order_by("-id")[:most]:
        mine = row.principal_id in ids
        rows.append((row, row.agent.name if mine else row.principal.name, _("代办人") if mine else _("替这位代办")))
    today = clock.today()
    rows.sort(key=lambda entry: entry[0].until is not None and entry[0].until <= today)
    return [_family_row(*entry, today) for entry in rows[:most]]


def _family_row(row: Any, name: str, part: str, today: dt.date) -> Row:
    stands = row.until is None or row.until > today
    return Row(
        title=name,
        sub=f"{part} · {row.relation} · {_span(row)}",
        badge_text=str(_("有效") if stands else _("已结束")),
        badge_tone="green" if stands else "plain",
        url=_page(row),
    )


# -- consents, offices, the record -------------------------------------------------------------------------------------


def _purpose(record: ConsentRecord) -> str:
    return str(purposes[record.purpose].title) if record.purpose in purposes else str(_("一项已停用的用途"))


def _consents(user: Any, ids: Ids, most: int) -> list[Row]:
    """The latest word on each purpose."""
    latest: dict[str, ConsentRecord] = {}
    for record in ConsentRecord.objects.filter(person__in=ids).order_by("-id")[: most * 4]:
        latest.setdefault(record.purpose, record)
    given = ConsentRecord.Act.GIVEN
    return [
        Row(
            title=_purpose(record),
            sub=f"{record.get_channel_display()} · {date_cn(record.at)}",
            badge_text=record.get_act_display(),
            badge_tone="green" if record.act == given else "plain",
        )
        for record in list(latest.values())[:most]
    ]


def _consent_events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    found = upto(ConsentRecord.objects.filter(person__in=ids), most, until)
    return [Event(at=row.at, text=f"{row.get_act_display()}：{_purpose(row)}") for row in found]


def _offices_of(user: Any, ids: Ids) -> QuerySet[Role]:
    return access.roles_in(user).filter(user__person__in=ids)


def _offices(user: Any, ids: Ids, most: int) -> list[Row]:
    at = clock.now()
    rows = []
    for role in _offices_of(user, ids).select_related("area").order_by("-id")[:most]:
        held = role.until is None or role.until > at
        word, tone = (_("在任"), "green") if held else (_("已卸任"), "plain")
        rows.append(Row(title=str(role), sub=_span(role), badge_text=str(word), badge_tone=tone, url=_page(role)))
    return rows


def _office_events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    about = _about({"people.role": _offices_of(user, ids)})
    return audited(upto(AuditEntry.objects.filter(about), most, until), _subject_url)


def _person_record(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    """Of every record of the person; that one was merged into another stands there once, with the one that stands.
    Consents have a strand of their own, from their own records."""
    entries = AuditEntry.objects.filter(subject_type="people.person", subject_id__in=ids)
    entries = entries.exclude(verb__in=("consent.given", "consent.withdrawn"))
    if len(ids) > 1:
        entries = entries.exclude(verb__in=(merging.MERGED[0], merging.UNMERGED[0]))
    return audited(upto(entries, most, until))


def _record_of(label: str) -> Callable[[Any, Ids, int, Until], list[Event]]:
    def events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
        """What was entered, changed and looked at; whoever opens the page may read its history."""
        return audited(upto(AuditEntry.objects.filter(subject_type=label, subject_id__in=ids), most, until))

    return events


_HOMES, _FAMILY, _OFFICES = gettext_lazy("住址与房屋"), gettext_lazy("家人与代办"), gettext_lazy("任职")
_NOBODY = gettext_lazy("没有登记。")

for _strand in (
    Strand("people.record", gettext_lazy("登记"), PERSON, _person_record, order=10),
    Strand("people.homes", _HOMES, PERSON, _home_events(PERSON), order=20),
    Strand("people.family", _FAMILY, PERSON, _family_events, order=30),
    Strand("people.consents", gettext_lazy("同意"), PERSON, _consent_events, order=80),
    Strand("people.offices", _OFFICES, PERSON, _office_events, order=90),
    Strand("household.record", gettext_lazy("登记"), HOUSEHOLD, _record_of("places.household"), order=10),
    Strand("household.homes", gettext_lazy("业主与住户"), HOUSEHOLD, _home_events(HOUSEHOLD), order=20),
    Strand("building.record", gettext_lazy("登记"), BUILDING, _record_of("places.building"), order=10),
    Strand("building.homes", gettext_lazy("业主与住户"), BUILDING, _home_events(BUILDING), order=20),
):
    strands.add(_strand)

for _panel in (
    Panel("people.homes", _HOMES, PERSON, _homes, _NOBODY, order=10),
    Panel("people.housemates", gettext_lazy("同住的人"), PERSON, _housemates, _NOBODY, order=20),
    Panel("people.family", _FAMILY, PERSON, _family, _NOBODY, order=30),
    Panel("people.consents", gettext_lazy("同意"), PERSON, _consents, gettext_lazy("没有同意记录。"), order=80),
    Panel("people.offices", _OFFICES, PERSON, _offices, gettext_lazy("没有任职。"), order=90),
    Panel("household.owners", gettext_lazy("业主"), HOUSEHOLD, _of_household(Ownership, _STANDING), _NOBODY, order=10),
    Panel(
        "household.residents", gettext_lazy("住户"), HOUSEHOLD, _of_household(Residency, _STANDING), _NOBODY, order=20
    ),
    Panel("household.speaker", gettext_lazy("户代表"), HOUSEHOLD, _speakers, gettext_lazy("还没有户代表。"), order=30),
    Panel(
        "household.former", gettext_lazy("以前的登记"), HOUSEHOLD, _former, gettext_lazy("没有以前的登记。"), order=40
    ),
    Panel(
        "building.waiting", gettext_lazy("等确认的登记"), BUILDING, _waiting, gettext_lazy("没有等确认的。"), order=10
    ),
):
    panels.add(_panel)


def _entering(model: type[Any]) -> Callable[[Any], str]:
    address = f"admin:people_{model._meta.model_name}_add"
    return lambda person: reverse(address) + (f"?person={person.pk}" if person else "")


for _model, _icon, _order in ((Residency, "house", 50), (Ownership, "key-round", 51)):
    on_behalf.add(
        OnBehalf(
            f"people.{_model._meta.model_name}",
            str(_model._meta.verbose_name),
            _icon,
            _entering(_model),
            shown=lambda user: access.is_one_of(user, DESK),
            order=_order,
        )
    )
