"""操作记录 and 状态变更: found by name, number and actor, in words as far as the reader may know, with the reason."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.backoffice import trail
from portal.backoffice.exports.listing import Listing, in_words, rows_of
from portal.backoffice.exports.sources import sources
from portal.core import audit, clock
from portal.core.models import AuditEntry
from portal.people import contacting
from portal.people.models import PersonArea, RoleKind
from services.wishes import ordering
from tests import worlds
from tests.wishes import scenes

from .desks import messages_of, page

pytestmark = pytest.mark.django_db
LISTING = "/admin/core/auditentry/"
WHY = "上门前先打电话"


@pytest.fixture
def officer(here) -> Client:
    return worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, here.community, name="章寒露"))


@pytest.fixture
def look(here) -> AuditEntry:
    contacting.show_contact(person=here.resident, actor=here.worker, at=clock.now(), reason=WHY)
    return AuditEntry.objects.get(verb="person.contact_shown")


def body(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def keys(answer) -> list[int]:
    return [row.pk for row in answer.context["cl"].result_list]


def search(client: Client, text: str, url: str = LISTING):
    return client.post(url, {"text": text}, follow=True)


def test_the_officer_checks_a_look_who_whose_why_and_whose_name_is_masked(here, officer, look) -> None:
    shown = body(officer.get(LISTING))
    assert str(here.worker) in shown and WHY in shown
    assert "林**" in shown and "林小荷" not in shown
    assert page("people.person", "change", here.resident.pk) not in shown


def test_who_may_open_the_record_reads_its_name_and_finds_the_way(here, administrator, look) -> None:
    shown = body(administrator.get(LISTING))
    assert f'<a href="{page("people.person", "change", here.resident.pk)}">人员 林小荷</a>' in shown


def test_a_number_in_a_reason_is_masked(here, officer) -> None:
    audit.record("person.contact_shown", actor_id=here.worker.pk, subject=here.resident, reason="打 15400007777 联系")
    shown = body(officer.get(LISTING))
    assert "15400007777" not in shown


def test_by_the_name_of_whom_it_is_about_and_of_who_did_it(here, officer, look) -> None:
    other = audit.record("account.signed_in", actor_id=here.head.pk, subject=here.head)
    assert keys(search(officer, "林小荷")) == [look.pk]
    assert keys(search(officer, "主任甲")) == [other.pk]
    assert keys(search(officer, "窗口甲")) == [look.pk]
    assert keys(search(officer, "没有这人")) == []


def test_by_the_number_of_a_request_and_by_whose_it_is(officer, here, look) -> None:
    scene = scenes.scene("袁家湾第二社区")
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, scene.community))
    wish = scenes.claimed(scene)
    told = audit.record("wish.visited", actor_id=scene.worker.pk, subject=wish)
    assert told.pk in keys(search(officer, f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}"))
    assert told.pk in keys(search(officer, wish.subject.name))
    assert wish.code[:3] in body(search(officer, wish.code))


def test_a_phone_is_refused_and_stands_in_no_address(officer, look) -> None:
    answer = search(officer, "154 0000 7777")
    assert messages_of(answer) == ["这里不按手机号、身份证号查。请按姓名、单号或导出编号查。"]
    assert "7777" not in answer.redirect_chain[-1][0]


def test_everything_on_record_of_one_record_and_by_one_account(here, officer, look) -> None:
    audit.record("account.signed_in", actor_id=here.head.pk, subject=here.head)
    assert keys(officer.get(f"{LISTING}?about=people.person-{here.resident.pk}")) == [look.pk]
    assert keys(officer.get(f"{LISTING}?by={here.worker.pk}")) == [look.pk]
    assert keys(officer.get(f"{LISTING}?group=looks")) == [look.pk]
    assert keys(officer.get(f"{LISTING}?kind=people.person")) == [look.pk]
    shown = body(officer.get(LISTING))
    assert f"?about=people.person-{here.resident.pk}" in shown and f"?by={here.worker.pk}" in shown


@pytest.mark.parametrize("query", ["about=zz", "about=people.person-9x", "by=zz", "group=zz", "kind=zz.zz"])
def test_what_is_no_choice_is_said_and_not_passed_over(officer, query) -> None:
    answer = officer.get(f"{LISTING}?{query}", follow=True)
    assert messages_of(answer) == ["网址里的筛选条件不能用，已显示整张列表。请用列表上的筛选。"]


def test_the_officer_of_elsewhere_reads_none_of_it(there, look) -> None:
    client = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, there.community))
    assert keys(search(client, "林小荷")) == keys(client.get(LISTING)) == []


def test_state_changes_are_found_in_the_same_way() -> None:
    scene = scenes.scene()
    wish = scenes.approved(scene)
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, scene.community))
    url = page("core.transition", "changelist")
    about = officer.get(f"{url}?about=wishes.wish-{wish.pk}&by={scene.worker.pk}")
    assert len(keys(about)) == 1
    assert keys(search(officer, wish.code, url))
    assert wish.subject.name not in body(about)


def test_the_list_costs_the_same_at_one_line_and_at_fifty(here, officer) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(officer.get(LISTING))
        return len([query for query in asked if query["sql"].startswith("SELECT")])

    audit.record("person.contact_shown", actor_id=here.worker.pk, subject=here.resident, reason=WHY)
    body(officer.get(LISTING))
    one = cost()
    for _number in range(49):
        someone = worlds.person(here.community)
        audit.record("person.contact_shown", actor_id=here.worker.pk, subject=someone, reason=WHY)
    assert cost() == one <= 11


def test_what_is_searched_for_leaves_as_excel_too(here, administrator, look) -> None:
    """The list answers an export outside of a browser as it did there."""
    found = Listing(query=f"by={here.worker.pk}", search="林小荷")
    source = next(source for source in sources if source.id == "core.auditentry")
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)
    assert [row.pk for row in rows_of(source, found, officer)] == [look.pk]
    assert in_words(source, found, officer) == "谁：窗口甲；查找：林小荷"


def test_a_search_by_phone_says_whom_it_found_and_that_it_found_nobody(here, there, officer) -> None:
    phone = here.resident.contact_phone
    for number in (phone, "15400009876"):
        here.desk.post("/admin/people/person/find/", {"text": number})
    shown = body(officer.get(f"{LISTING}?verb=person.phone_searched"))
    assert "找到 1 人" in shown and "没有找到" in shown and f"about=people.person-{here.resident.pk}" in shown
    assert phone not in shown and "15400009876" not in shown


def test_a_search_of_another_place_is_none_of_the_desks_business(here, there) -> None:
    PersonArea.objects.create(person=here.resident, community=there.community)
    there.desk.post("/admin/people/person/find/", {"text": here.resident.contact_phone})
    assert AuditEntry.objects.filter(verb="person.phone_searched", subject_id=here.resident.pk).exists()
    assert "按手机号查找" not in body(here.desk.get(page("people.person", "history", here.resident.pk)))
    assert "按手机号查找" in body(there.desk.get(page("people.person", "history", here.resident.pk)))


def test_the_course_of_one_record_joins_what_was_done_and_how_it_went_on(administrator) -> None:
    scene = scenes.scene()
    wish = scenes.ordered(scene)
    ordering.decline(wish=wish, reason=WHY, actor=scene.worker, at=clock.now())
    audit.record("wish.visited", actor_id=scene.worker.pk, subject=wish)
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, scene.community))
    for url in (LISTING, page("core.transition", "changelist")):
        answer = officer.get(f"{url}?about=wishes.wish-{wish.pk}")
        said = [step.what for step in answer.context["course"]]
        assert said == [trail.verb_label("wish.visited"), "不予受理", "提出"]
        assert WHY not in body(answer) and "提出" in body(answer)
        assert WHY in body(administrator.get(f"{url}?about=wishes.wish-{wish.pk}"))
    elsewhere = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, worlds.community("向阳社区")))
    assert elsewhere.get(f"{LISTING}?about=wishes.wish-{wish.pk}").context["course"] == []


def test_state_changes_are_narrowed_by_what_changed_and_say_why_to_who_opens_the_record(administrator) -> None:
    scene = scenes.scene()
    wish = scenes.ordered(scene)
    ordering.decline(wish=wish, reason=WHY, actor=scene.worker, at=clock.now())
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, scene.community))
    url = page("core.transition", "changelist")
    declined = officer.get(f"{url}?change=不予受理")
    assert [row.name for row in declined.context["cl"].result_list] == ["decline"]
    assert WHY not in body(declined) and "经办的社区看得到" in body(declined)
    assert WHY in body(administrator.get(f"{url}?change=不予受理"))
    begun = officer.get(f"{url}?change=begun").context["cl"].result_list
    assert begun and {row.source for row in begun} == {""}
