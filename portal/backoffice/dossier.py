"""What the rooms below know of a person, a household or a building: homes, family, consents, offices, their record.

Ties are seen by the household's place, families by whom they are about, offices by whoever oversees them: a member of
staff sees on these pages what their own lists show, and nothing besides.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import asked, clock
from portal.core.audit import label_of
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
from portal.people import consenting, merging
from portal.people.access import CHILD, born_by
from portal.people.consenting import Standing
from portal.people.models import (
    ConsentRecord,
    Ownership,
    Representative,
    Residency,
    Role,
    TieState,
)
from portal.people.records import with_accounts
from portal.people.roles import DESK

from . import access, families, trail
from .moments import (
    TIES_READ,
    Until,
    about_any,
    audited,
    moved,
    newest_of,
    page_of,
    span_of,
    subject_url,
    upto,
)

TONES = {
    TieState.CLAIMED: "amber",
    TieState.CONFIRMED: "green",
    TieState.REFUSED: "red",
    TieState.WITHDRAWN: "plain",
    TieState.ENDED: "plain",
}
CONSENTS_READ = 40
_TO = {PERSON: "person__in", HOUSEHOLD: "household__in", BUILDING: "household__building__in"}
_PLACE = ("person", "household__building__estate")
_PERSON = (*_PLACE, "person__merged_into")
Ids = list[int]


# -- homes -------------------------------------------------------------------------------------------------------------


def _ties(user: Any, model: Any, of: str, ids: Ids) -> QuerySet[Any]:
    return access.ties_in(user, model).filter(**{_TO[of]: ids})


def _of_person(user: Any, model: Any, ids: Ids) -> list[Any]:
    """The latest ties of a person; panel and strand ask the same."""
    rows = _ties(user, model, PERSON, ids).select_related(*_PLACE).order_by("-id")
    return asked.once((_of_person, model, user.pk, *ids), lambda: list(rows[:TIES_READ]))


def _keys(user: Any, model: Any, of: str, ids: Ids) -> Ids:
    """Keys of the latest ties about ``of``."""
    if of == PERSON and model is not Representative:
        return [tie.pk for tie in _of_person(user, model, ids)]
    return list(_ties(user, model, of, ids).order_by("-id").values_list("pk", flat=True)[:TIES_READ])


def _home_events(of: str) -> Callable[[Any, Ids, int, Until], list[Event]]:
    def events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
        """Claims and what became of them; who spoke for a household."""
        ties = {label_of(model): _keys(user, model, of, ids) for model in (Residency, Ownership)}
        spoke = {label_of(Representative): _keys(user, Representative, of, ids)}
        moves = about_any(Transition.objects.all(), most, until, ties)
        entries = about_any(AuditEntry.objects.all(), most, until, spoke)
        told = moved(moves, lambda m: f"{trail.subject_label(m.subject_type)}：{trail.move_label(m)}", subject_url)
        return newest_of([*told, *audited(entries, subject_url)], most)

    return events


def _share(tie: Ownership) -> str:
    whole = tie.share_numerator == tie.share_denominator
    return _("产权") if whole else _("产权 %(share)s") % {"share": f"{tie.share_numerator}/{tie.share_denominator}"}


def _tie_row(tie: Any, title: str) -> Row:
    part = _share(tie) if isinstance(tie, Ownership) else tie.get_kind_display()
    return Row(
        title=title,
        sub=f"{part} · {span_of(tie)}",
        badge_text=tie.get_state_display(),
        badge_tone=TONES[TieState(tie.state)],
        url=page_of(tie),
    )


def _person_row(tie: Any) -> Row:
    """In a household: the name leads to the person, the state to the tie."""
    row = _tie_row(tie, tie.person.resolved.name)
    return replace(row, url=page_of(tie.person.resolved), badge_url=row.url)


_LACKS = {
    Standing.NEVER: gettext_lazy("还没有同意"),
    Standing.OUTDATED: gettext_lazy("文字更新了"),
    Standing.WITHDRAWN: gettext_lazy("已撤回"),
}
_STANDING = [TieState.CLAIMED, TieState.CONFIRMED]


def _standing_first(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda tie: tie.state not in _STANDING)


def _homes(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        ties += _of_person(user, model, ids)[:most]
    return [_tie_row(tie, str(tie.household)) for tie in _standing_first(ties)][:most]


def _housemates(user: Any, ids: Ids, most: int) -> list[Row]:
    """Who else lives where the person lives, as far as it is confirmed."""
    homes = [tie.household_id for tie in _of_person(user, Residency, ids) if tie.state == TieState.CONFIRMED]
    others = access.ties_in(user, Residency).filter(state=TieState.CONFIRMED, household__in=homes)
    rows = others.exclude(person__in=ids).select_related(*_PLACE, "person__merged_into").order_by("household", "id")
    return [
        Row(
            title=tie.person.resolved.name,
            sub=f"{tie.get_kind_display()} · {tie.household}",
            url=page_of(tie.person.resolved),
        )
        for tie in rows[:most]
    ]


def _of_household(model: Any, states: list[TieState]) -> Callable[[Any, Ids, int], list[Row]]:
    def rows(user: Any, ids: Ids, most: int) -> list[Row]:
        ties = _ties(user, model, HOUSEHOLD, ids).filter(state__in=states)
        return [_person_row(tie) for tie in ties.select_related(*_PERSON).order_by("-id")[:most]]

    return rows


def _speakers(user: Any, ids: Ids, most: int) -> list[Row]:
    found = _ties(user, Representative, HOUSEHOLD, ids).select_related("person__merged_into").order_by("-id")[:most]
    now = str(_("现任"))
    return [
        Row(
            title=row.person.name,
            sub=span_of(row),
            badge_text=now if row.until is None else str(_("以前")),
            badge_tone="green" if row.until is None else "plain",
            badge_url=page_of(row),
            url=page_of(row.person.resolved),
        )
        for row in found
    ]


def _former(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        past = _ties(user, model, HOUSEHOLD, ids).exclude(state__in=_STANDING)
        ties += past.select_related(*_PERSON).order_by("-state_since", "-id")[:most]
    ties.sort(key=lambda tie: tie.state_since, reverse=True)
    return [_person_row(tie) for tie in ties[:most]]


def _waiting(user: Any, ids: Ids, most: int) -> list[Row]:
    ties: list[Any] = []
    for model in (Residency, Ownership):
        open_ones = _ties(user, model, BUILDING, ids).filter(state=TieState.CLAIMED)
        ties += open_ones.select_related(*_PLACE).order_by("due_on", "id")[:most]
    ties.sort(key=lambda tie: tie.state_since)
    return [_tie_row(tie, f"{tie.household} {tie.person.name}") for tie in ties[:most]]


# -- consents, offices, the record -------------------------------------------------------------------------------------


def _purpose(record: ConsentRecord) -> str:
    return str(purposes[record.purpose].title) if record.purpose in purposes else str(_("一项已停用的用途"))


def _consents(user: Any, ids: Ids, most: int) -> list[Row]:
    """Every word on every purpose, the latest first; a child whose guardian has yet to agree stands above them."""
    return [*_unasked(ids), *(_consent_row(record) for record in _newest_consents(ids))][:most]


def _newest_consents(ids: Ids) -> list[ConsentRecord]:
    """What was said lately, all of it where it is less than that; panel and strand ask the same."""
    rows = ConsentRecord.objects.filter(person__in=ids).select_related("guardian").order_by("-id")
    return asked.once((_newest_consents, *ids), lambda: list(rows[:CONSENTS_READ]))


def _unasked(ids: Ids) -> list[Row]:
    person = next((record for record in with_accounts(ids) if record.merged_into_id is None), None)
    today = clock.today()
    if person is None or (person.birth_date is not None and person.birth_date <= born_by(today, CHILD)):
        return []
    if (lacking := consenting.missing(person, today)) is None:
        return []
    title = str(purposes[consenting.CHILD_PURPOSE].title)
    return [
        Row(
            title=title,
            sub=_("监护人同意以后，才能替孩子办新的事"),
            badge_text=str(_LACKS[lacking]),
            badge_tone="amber",
        )
    ]


def _consent_row(record: ConsentRecord) -> Row:
    """What was said and by whom; it opens the signed sheet, where there is one."""
    spoke = _("监护人 %(name)s") % {"name": record.guardian.name} if record.guardian is not None else ""
    paper = _("有签字的纸") if record.paper_id is not None else ""
    version = _("文字 %(version)s") % {"version": record.text_version}
    said = (spoke, record.get_channel_display(), date_cn(record.at), version, paper)
    return Row(
        title=_purpose(record),
        sub=" · ".join(filter(None, said)),
        badge_text=record.get_act_display(),
        badge_tone="green" if record.act == ConsentRecord.Act.GIVEN else "plain",
        url=reverse("core:file", args=[record.paper_id]) if record.paper_id is not None else "",
    )


def _consent_events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    newest = _newest_consents(ids)
    if len(newest) == CONSENTS_READ:
        newest = upto(ConsentRecord.objects.filter(person__in=ids), most, until)
    found = sorted((row for row in newest if until is None or row.at <= until), key=lambda row: (row.at, row.pk))
    return [Event(at=row.at, text=f"{row.get_act_display()}：{_purpose(row)}") for row in found[::-1][:most]]


def _offices_of(user: Any, ids: Ids) -> list[Role]:
    """The latest offices; panel and strand ask the same."""
    rows = access.roles_in(user).filter(user__person__in=ids).select_related("area").order_by("-id")
    return asked.once((_offices_of, user.pk, *ids), lambda: list(rows[:TIES_READ]))


def _offices(user: Any, ids: Ids, most: int) -> list[Row]:
    at = clock.now()
    rows = []
    for role in _offices_of(user, ids)[:most]:
        held = role.until is None or role.until > at
        word, tone = (_("在任"), "green") if held else (_("已卸任"), "plain")
        rows.append(Row(title=str(role), sub=span_of(role), badge_text=str(word), badge_tone=tone, url=page_of(role)))
    return rows


def _office_events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    held = {label_of(Role): [role.pk for role in _offices_of(user, ids)]}
    return audited(about_any(AuditEntry.objects.all(), most, until, held), subject_url)


def _person_record(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    """Of every record of the person; that one was merged into another stands there once, with the one that stands.
    Consents have a strand of their own, from their own records; other places' looks are not told here."""
    seen = access.looks_seen_by(user)
    entries = AuditEntry.objects.filter(seen, subject_type="people.person", subject_id__in=ids)
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
    Strand("people.family", _FAMILY, PERSON, families.events, order=30),
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
    Panel("people.family", _FAMILY, PERSON, families.rows, _NOBODY, order=30),
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


def _at_home(model: type[Any]) -> Callable[[Any], str]:
    return lambda home: f"{reverse(f'admin:people_{model._meta.model_name}_add')}?household={home.pk}"


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
            at_home=_at_home(_model),
        )
    )
