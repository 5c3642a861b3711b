"""Every list of the desk: it has a source, its rows cost a fixed number of queries, its columns hold what they say."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.volunteers.models import Skill
from portal.backoffice.exports import building, deciding
from portal.backoffice.exports.sources import ExportSource, source_of, sources
from portal.backoffice.models import ExportState
from portal.core import audit, clock
from portal.core.models import WorkdayOverride
from portal.notices.models import Delivery, Notice
from portal.people.models import (
    Authorisation,
    DataRequest,
    Guardianship,
    Ownership,
    Representative,
    Residency,
    RoleKind,
)
from portal.places.models import Estate
from tests import worlds
from tests.wishes import scenes

from . import desk

pytestmark = pytest.mark.django_db

# Lists that do not leave: of exports themselves, and of what has a way out of its own.
KEPT_IN = {"backoffice.export"}


def test_every_list_of_the_desk_has_its_source():
    lists = {model._meta.label_lower for model in admin.site._registry}
    assert lists - KEPT_IN == {source.id for source in sources}


def fill(here: Any) -> None:
    """One record more of every list."""
    day, now = clock.today(), clock.now()
    household = worlds.household(here.building)
    person, other = worlds.person(here.community), worlds.person(here.community)
    tie = {"household": household, "since": day, "state_since": now}
    Residency.objects.create(person=person, kind="owner", state="confirmed", **tie)
    Ownership.objects.create(person=person, share_denominator=2, state="confirmed", **tie)
    Representative.objects.create(household=household, person=person, since=day)
    Guardianship.objects.create(child=other, guardian=person, relation="奶奶", since=day)
    Authorisation.objects.create(principal=other, agent=person, relation="女儿", since=day, recorded_by=here.worker)
    worlds.worker(here.community)
    worlds.building(here.community, grid=here.grid)
    Estate.objects.create(community=here.community, name=f"月塘{Estate.objects.count()}期")
    Skill.objects.create(name=f"手艺{Skill.objects.count()}")
    DataRequest.objects.create(
        kind="erase",
        code=f"{DataRequest.objects.count():09d}",
        community=here.community,
        subject=person,
        asker=person,
        state_since=now,
    )
    notice = Notice.objects.create(person=person, kind="offices", title="有消息", at=now)
    Delivery.objects.create(notice=notice, channel="sms", state="failed", stuck_at=now)
    audit.record("tests.entry", actor_id=here.worker.pk, subject=here.community)
    WorkdayOverride.objects.create(day=clock.today().replace(year=2030 + WorkdayOverride.objects.count()), working=True)
    serving = worlds.volunteer(here.community)
    team = worlds.team(here.community, serving)
    team.leader = serving
    team.save()
    scene = scenes.Scene(here.community, here.worker, worlds.account(here.community), serving)
    scenes.closed(scene)


@pytest.fixture
def officer(here) -> Any:
    return worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)


def both(source: ExportSource, here: Any, officer: Any) -> tuple[Any, Any]:
    """Who asks for the list, and who approves it."""
    if RoleKind.WORKER in source.kinds:
        return here.worker, here.head
    return (here.head, officer) if RoleKind.HEAD in source.kinds else (officer, here.head)


def queries(source: ExportSource, here: Any, officer: Any) -> list[str]:
    """What building an export of the whole list, in clear, asks the database."""
    user, approver = both(source, here, officer)
    export = desk.ask(user, source.id, whole=sorted(source.personal_ids), whole_reason="核对")
    if export.state == ExportState.PENDING:
        deciding.approve(export=export, actor=approver, at=clock.now(), whole=True)
    export = type(export).objects.select_related("area__parent", "requester__person").get(pk=export.pk)
    with CaptureQueriesContext(connection) as asked:
        assert building.build(export=export, at=clock.now()), export.transitions().last().remark.text
    return [query["sql"] for query in asked]


def test_more_rows_ask_no_more_queries(here, officer):
    for _turn in range(2):
        fill(here)
    few = {source.id: queries(source, here, officer) for source in sources}
    for _turn in range(3):
        fill(here)
    for source in sources:
        many = queries(source, here, officer)
        extra = "\n".join(sql[:200] for sql in many if sql not in few[source.id])
        assert len(many) == len(few[source.id]), f"{source.id}\n{extra}"


def test_every_column_of_every_list_reads_as_it_should(here, officer):
    fill(here)
    for source in sources:
        user, approver = both(source, here, officer)
        export = desk.ask(user, source.id)
        if source.is_personal:
            deciding.approve(export=export, actor=approver, at=clock.now())
        assert building.build(export=export, at=clock.now()), source.id
        found = desk.rows(export)
        assert found, source.id
        assert list(found[0]) == [*(str(column.label) for column in source.columns), "导出编号"]
        shown = [str(value) for row in found for value in row.values() if value is not None]
        odd = [text for text in shown if text in {"None", "True", "False"} or "object at" in text or "lambda" in text]
        assert not odd, (source.id, odd)


def test_the_source_of_a_list_is_found_by_its_model():
    for source in sources:
        assert source_of(source.model) is source
    assert source_of(type(sources)) is None
