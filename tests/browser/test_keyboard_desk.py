"""What the desk does with more than one record, without a mouse: an export from asking to fetching, the hand-over of
open work, two records of one person put together and taken apart."""

import pytest
from playwright.sync_api import expect

from portal.backoffice.exports import building
from portal.backoffice.models import Export
from portal.core import clock
from portal.people import handling
from portal.people.models import Person
from services.wishes.models import Wish
from tests import worlds
from tests.backoffice.exports import desk
from tests.browsers import sign_in
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = ["desk", pytest.param("phone", marks=pytest.mark.whole)]


@pytest.mark.parametrize("size", SIZES)
def test_an_export_is_asked_for_approved_and_fetched(walk, size: str) -> None:
    home = worlds.community()
    worker, head = worlds.worker(home), worlds.head(home)
    worlds.person(home, name="林小荷")

    asking = walk(size, worker)
    asking.at("/admin/people/person/")
    asking.press("导出 Excel", tag="a")
    asking.tick("姓名")
    asking.type("做什么用", "核对名册")
    asking.press("提交", tag="button")
    export = Export.objects.get()
    assert export.state == Export.State.PENDING

    deciding = walk(size, head)
    deciding.at("/admin/")
    deciding.press("导出待批准", tag="a")
    deciding.press(export.number, tag="a")
    deciding.press("批准", tag="a")
    deciding.press("批准", tag="button")
    assert desk.fresh(export).approver == head
    building.build_due(at=clock.now())

    asking.at(desk.page_url(export))
    assert asking.fetch("下载").suggested_filename == f"{export.number}.xlsx"
    assert desk.fresh(export).downloads.get().user_id == worker.pk


@pytest.mark.parametrize("size", SIZES)
def test_open_work_is_handed_over_and_the_door_is_shut(walk, size: str) -> None:
    here = scenes.scene()
    head, heir = worlds.head(here.community), worlds.worker(here.community, name="欧阳春")
    wish = scenes.ordered(here)
    handling.take(record=wish, actor=here.worker, at=clock.now())

    leaving = walk(size, head)
    leaving.at(f"/admin/people/user/{here.worker.pk}/change/")
    leaving.press("离任交接", tag="a")
    expect(leaving.page.get_by_text("微心愿：1 件")).to_be_visible()
    leaving.pick("没办完的交给谁", "欧阳春")
    leaving.type("理由", "调到别的社区")
    leaving.press("交接，结束角色", tag="button")
    expect(leaving.page.get_by_role("status").filter(has_text="交给欧阳春：微心愿 1 件")).to_be_visible()
    assert Wish.objects.get(pk=wish.pk).handler == heir

    sign_in(leaving.page, here.worker)
    answer = leaving.page.goto("/admin/")
    assert answer is not None and answer.status == 403


@pytest.mark.parametrize("size", SIZES)
def test_two_records_of_one_person_are_put_together_and_taken_apart(walk, size: str) -> None:
    home = worlds.community()
    stands = worlds.person(home, name="林小荷")
    twin = worlds.person(home, name="林小荷", contact_phone=stands.contact_phone)

    def merged_into() -> Person | None:
        return Person.objects.get(pk=twin.pk).merged_into

    work = walk(size, worlds.worker(home))
    work.at(f"/admin/people/person/{stands.pk}/change/")
    work.press("去核对", tag="a")
    work.press("林小荷（", tag="a")  # told apart from the one whose page it is
    work.choose("左边这一条")
    work.type("依据", "核对了证件")
    work.press("是同一个人，合并", tag="button")
    assert merged_into() == stands

    work.press("撤销合并", tag="a")
    work.type("理由", "弄错了")
    work.press("分开", tag="button")
    assert merged_into() is None
