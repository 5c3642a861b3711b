"""The desk's list of wishes: found by person, narrowed by place, term and volunteer; several done at once."""

import datetime as dt

import pytest
from django.urls import reverse

from bench.desk.city import fill
from portal.core import clock
from portal.core.models import AuditEntry
from portal.people import handling
from portal.people.models import RoleKind
from services.wishes.models import Wish, WishState
from tests import worlds
from tests.plans import analyze, in_order, plans

from . import scenes

pytestmark = pytest.mark.django_db
LISTING = "/admin/wishes/wish/"


@pytest.fixture
def here(db: None) -> scenes.Scene:
    return scenes.scene()


def rows(answer) -> list[Wish]:
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def search(client, text: str):
    return client.post(LISTING, {"text": text}, follow=True)


def bulk(client, name: str, *wishes: Wish):
    """The page that the list action leads to."""
    chosen = {"action": name, "_selected_action": [wish.pk for wish in wishes]}
    return client.get(client.post(LISTING, chosen).url)


def send(client, name: str, page, **fields):
    sent = {"once": page.context["once"], "ids": page.context["ids"], **fields}
    url = reverse("admin:wishes_wish_bulk", args=[name])
    return [str(message) for message in client.post(url, sent, follow=True).context["messages"]]


def fresh(wish: Wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


# -- found -------------------------------------------------------------------------------------------------------------


def test_by_whose_it_is_in_any_state(here):
    other = worlds.account(here.community, name="罗映雪")
    theirs = scenes.ordered(here, subject=other.person, asker=other.person, actor=other)
    scenes.approved(here)
    client = worlds.client_for(here.worker)
    assert rows(search(client, "映雪")) == [theirs]
    narrowed = client.post(f"{LISTING}?state__exact=closed", {"text": "映雪"}, follow=True)
    assert rows(narrowed) == []


def test_by_the_number_and_by_the_title_as_before(here):
    wish = scenes.approved(here, title="给映雪楼换灯")
    scenes.approved(here)
    client = worlds.client_for(here.worker)
    for text in (wish.code, f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}", "映雪楼"):
        assert rows(search(client, text)) == [wish], text


def test_by_a_whole_phone_on_the_record_and_in_no_address(here):
    wish = scenes.ordered(here)
    other = worlds.account(here.community)
    scenes.ordered(here, subject=other.person, asker=other.person, actor=other)
    phone = here.asker.person.contact_phone
    client = worlds.client_for(here.worker)
    answer = search(client, f"{phone[:3]} {phone[3:7]} {phone[7:]}")
    assert rows(answer) == [wish]
    assert phone not in answer.redirect_chain[-1][0]
    assert AuditEntry.objects.filter(verb="person.phone_searched", actor_id=here.worker.pk).count() == 1


def test_nobody_of_elsewhere_is_found_by_phone(here):
    away = scenes.scene("向阳社区")
    scenes.ordered(away)
    answer = search(worlds.client_for(here.worker), away.asker.person.contact_phone)
    assert [str(message) for message in answer.context["messages"]] == ["您管的范围里没有人登记这个号码。"]


def test_an_id_number_is_refused_plainly(here):
    answer = search(worlds.client_for(here.worker), "430202195003051234")
    [said] = [str(message) for message in answer.context["messages"]]
    assert "不查身份证号" in said
    assert "backoffice.searches" not in worlds.client_for(here.worker).session


def test_by_grid_community_term_and_volunteer(here):
    grid = worlds.grid(here.community)
    inside, claimed = scenes.ordered(here, grid=grid), scenes.claimed(here)
    due = clock.today() + dt.timedelta(days=40)
    Wish.objects.filter(pk=inside.pk).update(due_on=due)
    client = worlds.client_for(here.worker)
    found = {
        f"grid__id__exact={grid.pk}": [inside],
        f"volunteer__id__exact={here.volunteer.pk}": [claimed],
        f"due_on_from={due}&due_on_until={due}": [inside],
    }
    for query, wishes in found.items():
        assert rows(client.get(f"{LISTING}?{query}")) == wishes, query
    other = worlds.community("北岭社区", parent=here.community.parent)
    reader = worlds.client_for(worlds.supervisor(here.community.parent))
    assert rows(reader.get(f"{LISTING}?community__id__exact={other.pk}")) == []


def test_such_a_filter_is_kept_under_a_name(here):
    grid = worlds.grid(here.community)
    inside = scenes.ordered(here, grid=grid)
    scenes.ordered(here)
    client = worlds.client_for(here.worker)
    query = f"grid__id__exact={grid.pk}"
    client.post(reverse("admin:saved_keep"), {"list": "wishes.wish", "query": query, "name": "第一网格的"})
    chip = client.get(LISTING).context["saved"][0]
    assert rows(client.get(chip["url"], follow=True)) == [inside]


@pytest.mark.postgres(only=True)
def test_no_filter_reads_the_wishes_in_order(here):
    other = worlds.community("北岭社区", parent=here.community.parent)
    kind, person = scenes.kind().pk, here.asker.person_id
    at = f"CASE WHEN g % 100 = 0 THEN {here.community.pk} ELSE {other.pk} END"
    fill(
        Wish, 30_000, code="(200000000 + g)::text", kind_id=str(kind), community_id=at, subject_id=str(person),
        asker_id=str(person), channel="'online'", state="'withdrawn'", due_on="date '2020-01-01' + (g % 3000)::int",
    )  # fmt: skip
    analyze()
    grid = worlds.grid(here.community)
    client = worlds.client_for(here.worker)
    for query in (
        f"grid__id__exact={grid.pk}",
        f"volunteer__id__exact={here.volunteer.pk}",
        "due_on_from=2024-01-01&due_on_until=2024-01-07",
    ):
        with plans("wishes_wish") as found:
            assert client.get(f"{LISTING}?{query}").status_code == 200
        assert found
        assert not in_order(found, "wishes_wish"), in_order(found, "wishes_wish")[0]


# -- several at once ---------------------------------------------------------------------------------------------------


def test_several_are_accepted_each_under_its_own_words(here):
    first, second, third = (scenes.ordered(here, details=f"第{n}件的原话") for n in "一二三")
    client = worlds.client_for(here.worker)
    page = bulk(client, "approve", first, second, third)
    body = page.content.decode()
    assert all(f"第{n}件的原话" in body for n in "一二三")
    said = send(
        client, "approve", page,
        **{f"title_{first.pk}": "换一盏灯", f"alias_{first.pk}": "李邻居", f"title_{second.pk}": "修水龙头"},
    )  # fmt: skip
    assert said[0] == "“受理”办成 2 件。"
    assert "没有写公开标题" in said[1]
    assert (fresh(first).title, fresh(first).alias, fresh(first).state) == (
        "换一盏灯", "李邻居", WishState.PENDING_DISPATCH,
    )  # fmt: skip
    assert fresh(second).alias == second.alias, "what was left empty stays"
    assert fresh(third).state == WishState.PENDING_REVIEW


def test_a_title_with_a_phone_keeps_what_was_typed_and_accepts_none(here):
    first, second = scenes.ordered(here), scenes.ordered(here)
    client = worlds.client_for(here.worker)
    page = bulk(client, "approve", first, second)
    fields = {f"title_{first.pk}": "请打15400007777", f"title_{second.pk}": "修水龙头"}
    url = reverse("admin:wishes_wish_bulk", args=["approve"])
    sent = {"once": page.context["once"], "ids": page.context["ids"], **fields}
    answer = client.post(url, sent, follow=True)
    assert fresh(first).state == WishState.PENDING_REVIEW
    assert fresh(first).title == ""
    assert "15400007777" not in "".join(map(str, answer.context.get("messages", [])))
    empty = client.post(url, {"once": page.context["once"], "ids": page.context["ids"]})
    assert "一件也没有写公开标题" in empty.content.decode()


def test_several_are_declined_and_recalled_with_one_reason(here):
    waiting = [scenes.ordered(here) for _ in range(2)]
    sent = [scenes.dispatched(here) for _ in range(2)]
    client = worlds.client_for(here.worker)
    page = bulk(client, "decline", *waiting, sent[0])
    assert [(row, why) for row, _url, why in page.context["skipped"]] == [(sent[0], "现在是“待接单”，不能这样办")]
    said = send(client, "decline", page, reason="不在社区能办的范围里")
    assert said[0] == "“不予受理”办成 2 件。"
    page = bulk(client, "recall", *sent)
    assert send(client, "recall", page, reason="换个时间再派") == ["“收回重派”办成 2 件。"]
    assert {fresh(wish).state for wish in sent} == {WishState.PENDING_DISPATCH}


def test_what_cannot_be_dispatched_yet_says_what_comes_first(here):
    waiting = [scenes.ordered(here) for _ in range(2)]
    page = bulk(worlds.client_for(here.worker), "dispatch", *waiting)
    body = page.content.decode()
    assert "对下面 0 件" not in body and "选中的这几件，现在都不能“派单”" in body
    [(act, count, url)] = page.context["firsts"]
    assert (act.name, count) == ("approve", 2)
    assert worlds.client_for(here.worker).get(url).context["objs"]


def test_what_nobody_has_is_given_to_a_colleague_and_never_to_oneself(here):
    colleague = worlds.worker(here.community, name="贺秋分")
    wishes = [scenes.ordered(here) for _ in range(2)]
    client = worlds.client_for(here.worker)
    page = bulk(client, "assign", *wishes)
    assert list(page.context["form"].fields["to"].queryset) == [colleague]
    said = send(client, "assign", page, to=colleague.pk, reason="他去过")
    assert said == ["“交给同事”办成 2 件。"]
    assert {fresh(wish).handler for wish in wishes} == {colleague}
    again = bulk(client, "assign", *wishes)
    assert {why for _row, _url, why in again.context["skipped"]} == {"在贺秋分手上，由他本人或者负责人来交"}


def test_without_a_colleague_over_all_of_them_there_is_no_empty_choice(here):
    wish = scenes.ordered(here)
    client = worlds.client_for(here.worker)
    page = bulk(client, "assign", wish)
    body = page.content.decode()
    assert "没有哪一位同事管得到选中的全部" in body and 'name="to"' not in body
    alone = client.get(reverse("admin:wishes_wish_act", args=[wish.pk, "assign"])).content.decode()
    assert "没有哪一位同事管得到选中的全部" in alone and 'name="to"' not in alone


def test_a_volunteer_chosen_beside_the_pool_is_not_dropped_in_silence(here):
    wish = scenes.approved(here)
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_act", args=[wish.pk, "dispatch"])
    answer = client.post(url, {"once": "d" * 24, "to": "pool", "volunteer": here.volunteer.pk})
    assert answer.status_code == 200 and "选了志愿者，上面却没有选派给他" in answer.content.decode()
    assert fresh(wish).state == WishState.PENDING_DISPATCH
    assert client.post(url, {"once": "d" * 24, "to": "pool"}).status_code == 302


def test_the_head_gives_away_what_another_has(here):
    head, colleague = worlds.head(here.community), worlds.worker(here.community)
    wish = scenes.ordered(here)
    handling.take(record=wish, actor=here.worker, at=clock.now())
    page = bulk(worlds.client_for(head), "assign", wish)
    assert list(page.context["form"].fields["to"].queryset) == [colleague]
    assert RoleKind.HEAD in {role.kind for role in head.current_roles}
