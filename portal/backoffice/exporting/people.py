"""People and their ties: to homes, to each other."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.people.models import Authorisation, Guardianship, Ownership, Person, Representative, Residency
from portal.people.roles import DESK

from .. import access
from ..exports.columns import Rows, address_column, name_column, noted, of_desk, phone_column
from ..exports.sources import Column, ExportSource, hidden, sources, year_only

IN_HOME = ("household__building__estate", "household__building__community", "household__building__grid")


def _people(rows: Rows, user: Any) -> Rows:
    return rows.filter(pk__in=access.people_in(user, DESK).values("pk"))


sources.add(
    ExportSource(
        id="people.person",
        label=_("人员"),
        model=Person,
        place="community",
        narrow=_people,
        select_related=("community",),
        noted=noted(lambda person: person),
        columns=(
            name_column("name", _("姓名"), lambda person: person.name),
            Column("sex", _("性别"), lambda person: person.get_sex_display(), width=8),
            Column(
                "birth_date", _("出生日期"), lambda person: person.birth_date, personal=True, masked=year_only, width=16
            ),
            Column("community", _("所在社区"), lambda person: str(person.community or "")),
            phone_column("contact_phone", _("联系电话"), lambda person: person.contact_phone),
            address_column("address", _("住址"), lambda person: person.address),
            Column("created_at", _("登记时间"), lambda person: person.created_at, width=22),
        ),
        order=10,
    )
)


def _home_columns() -> tuple[Column, ...]:
    return (
        Column("community", _("社区"), lambda tie: tie.household.building.community.name),
        Column("grid", _("网格"), lambda tie: str(tie.household.building.grid or "")),
        Column("building", _("楼栋"), lambda tie: str(tie.household.building), width=20),
        Column("household", _("户"), lambda tie: tie.household.door, personal=True, masked=hidden, contact=True),
    )


def _term_columns() -> tuple[Column, ...]:
    return (
        Column("since", _("起"), lambda tie: tie.since, width=16),
        Column("until", _("止"), lambda tie: tie.until, width=16),
    )


def _tie_columns(who: Any) -> tuple[Column, ...]:
    return (
        name_column("person", who, lambda tie: tie.person.name),
        phone_column("phone", _("联系电话"), lambda tie: tie.person.contact_phone),
    )


def _state_column() -> Column:
    return Column("state", _("状态"), lambda tie: tie.get_state_display(), width=10)


def _tie_source(model: Any, columns: tuple[Column, ...], order: int) -> ExportSource:
    return ExportSource(
        id=model._meta.label_lower,
        label=model._meta.verbose_name,
        model=model,
        place="household__building__community",
        narrow=of_desk("household__building__"),
        select_related=("person", *IN_HOME),
        noted=noted(lambda tie: tie.person),
        columns=columns,
        order=order,
    )


def _share(tie: Ownership) -> str:
    whole = tie.share_numerator == tie.share_denominator
    return str(_("全部")) if whole else f"{tie.share_numerator}/{tie.share_denominator}"


sources.add(
    _tie_source(
        Ownership,
        (
            *_home_columns(),
            *_tie_columns(_("业主")),
            Column("share", _("份额"), _share, width=10),
            *_term_columns(),
            _state_column(),
        ),
        20,
    )
)
sources.add(
    _tie_source(
        Residency,
        (
            *_home_columns(),
            *_tie_columns(_("住户")),
            Column("kind", _("身份"), lambda tie: tie.get_kind_display(), width=10),
            *_term_columns(),
            _state_column(),
        ),
        21,
    )
)
sources.add(_tie_source(Representative, (*_home_columns(), *_tie_columns(_("户代表")), *_term_columns()), 22))


def _relation(model: Any, served: str, other: str, words: tuple[Any, Any], order: int) -> ExportSource:
    return ExportSource(
        id=model._meta.label_lower,
        label=model._meta.verbose_name,
        model=model,
        place=f"{served}__community",
        narrow=lambda rows, user: rows.filter(**{f"{served}__in": access.people_in(user, DESK).values("pk")}),
        select_related=(f"{served}__community", other),
        columns=(
            Column("community", _("社区"), lambda row: str(getattr(row, served).community or "")),
            name_column(served, words[0], lambda row: getattr(row, served).name),
            name_column(other, words[1], lambda row: getattr(row, other).name),
            Column("relation", _("关系"), lambda row: row.relation, width=10),
            *_term_columns(),
            _state_column(),
        ),
        order=order,
    )


sources.add(_relation(Guardianship, "child", "guardian", (_("孩子"), _("监护人")), 30))
sources.add(_relation(Authorisation, "principal", "agent", (_("授权人"), _("代办人")), 31))
