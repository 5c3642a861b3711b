"""What the search of everything finds beside the index: areas, exports, wishes by whose and by their words."""

import pytest

from portal.backoffice.models import Export
from portal.core import clock
from portal.people.models import RoleKind
from tests import worlds
from tests.backoffice.desks import messages_of, page
from tests.wishes import scenes as wishes

from .test_desk_page import PAGE, ask, titles

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_an_area_is_found_by_its_name_where_it_is_the_readers() -> None:
    here = wishes.scene()
    grid = worlds.grid(here.community, "第1网格")
    worlds.grid(worlds.community("向阳社区"), "第1网格")
    answer = ask(here.worker, "第1网格")
    assert titles(answer, "area") == ["第1网格"]
    [found] = [group for group in answer.context["groups"] if group.id == "area"]
    assert found.hits[0].url == page("places.area", "change", grid.pk)


def test_a_name_gives_the_person_and_their_wishes() -> None:
    here = wishes.scene()
    account = worlds.account(here.community, name="罗映雪")
    theirs = wishes.approved(here, title="换灯", subject=account.person, asker=account.person, actor=account)
    wishes.approved(here, title="修水管")
    answer = ask(here.worker, "罗映雪")
    assert titles(answer, "person") == ["罗映雪"]
    assert titles(answer, "wish-of") == [theirs.title]


def test_an_unreviewed_wish_is_found_by_its_words_by_who_may_read_it() -> None:
    here, away = wishes.scene(), wishes.scene("向阳社区")
    wish = wishes.ordered(here, details="老棋友搬走了，想找人下棋")
    wishes.approved(here, details="下棋的桌子坏了")
    wishes.ordered(away, details="想找人下棋")
    answer = ask(here.worker, "下棋")
    [found] = [group for group in answer.context["groups"] if group.id == "wish-waiting"]
    assert [hit.url for hit in found.hits] == [page("wishes.wish", "change", wish.pk)]
    grid = worlds.grid(here.community)
    assert titles(ask(worlds.staff(RoleKind.GRID_WORKER, grid), "下棋"), "wish-waiting") == []


@pytest.mark.parametrize("typed", ["导2026-0001", "２０２６-０００１", " 导 2026-0001 "])
def test_an_export_is_found_by_its_number(typed) -> None:
    here = worlds.community()
    worker = worlds.worker(here)
    export = Export.objects.create(
        number="导2026-0001", area=here, requester=worker, source="x", rows_asked=1, state_since=clock.now()
    )
    answer = worlds.client_for(worker).post(PAGE, {"text": typed})
    assert answer.url == page("backoffice.export", "change", export.pk)
    stranger = worlds.client_for(worlds.worker(worlds.community("向阳社区"))).post(PAGE, {"text": typed}, follow=True)
    assert export.number not in stranger.content.decode() or stranger.redirect_chain[-1][0].startswith(PAGE)


def test_the_officer_finds_an_export_too() -> None:
    here = worlds.community()
    asks = worlds.worker(here)
    export = Export.objects.create(
        number="导2026-0007", area=here, requester=asks, source="x", rows_asked=1, state_since=clock.now()
    )
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, here))
    assert officer.post(PAGE, {"text": "导2026-0007"}).url == page("backoffice.export", "change", export.pk)


def test_an_id_number_is_refused_plainly_and_no_list_is_shown() -> None:
    here = worlds.community()
    worlds.person(here, name="罗映雪")
    answer = ask(worlds.worker(here), "430202195003051234")
    assert answer.redirect_chain[-1][0] == PAGE
    [said] = messages_of(answer)
    assert "不查身份证号" in said and "手机号只能是数字" not in said
    assert "罗映雪" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["430202195003051234", "43020219500305123X", "430202500305123"])
def test_the_list_of_people_refuses_it_too(typed) -> None:
    here = worlds.community()
    worlds.person(here, name="罗映雪")
    client = worlds.client_for(worlds.worker(here))
    answer = client.post(page("people.person", "find"), {"text": typed}, follow=True)
    [said] = messages_of(answer)
    assert "不查身份证号" in said
    assert "罗映雪" not in answer.content.decode()
