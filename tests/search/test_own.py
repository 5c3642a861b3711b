"""我的: one's own matters are found by number and by their words, sealed as they are; nothing of anybody else's is."""

import pytest
from django.db import connection

from portal.core import clock
from portal.people.models import Authorisation
from portal.search import own
from portal.search.keeping import public, scoped
from portal.search.models import PublicEntry, ScopedEntry
from services.wishes import ordering
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes as wishes

from .test_public_page import ask, groups, labels, titles

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SAID = "客厅灯管一闪一闪"


def acting_for(here, elder, agent, **fields):
    return Authorisation.objects.create(
        principal=elder,
        agent=agent.person,
        relation="外甥女",
        recorded_by=here.worker,
        **{"since": clock.today(), **fields},
    )


def test_by_number_by_kind_and_by_what_was_written_in_any_state():
    here = wishes.scene()
    wish = wishes.ordered(here, details=SAID)
    spaced = f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}"
    for typed in (wish.code, spaced, "维修", "灯管", "一闪一闪"):
        answer = ask(typed, here.asker)
        assert labels(answer)[0] == "我的", typed
        assert f'href="/wishes/{wish.code}/"' in answer.content.decode()
    ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
    assert "我的" in labels(ask(wish.code, here.asker))
    assert "已撤回" in ask("灯管", here.asker).content.decode()


def test_what_was_written_is_shown_where_it_was_found():
    here = wishes.scene()
    wishes.approved(here, title="看看客厅", details=SAID)
    body = ask("灯管", here.asker).content.decode()
    assert '<mark class="hit__mark">灯管</mark>' in body


def test_the_number_itself_comes_first_and_the_newest_of_equals():
    here = wishes.scene()
    first = wishes.ordered(here, details="厨房的灯坏了，请帮忙换一个。")
    second = wishes.ordered(here, details=f"上次那张 {first.code} 的灯还没好")
    hits = own.look_own(own.Query(first.code), here.asker)
    assert [hit.line.url for hit in hits] == [f"/wishes/{first.code}/", f"/wishes/{second.code}/"]
    hits = own.look_own(own.Query("维修"), here.asker)
    assert [hit.line.url for hit in hits] == [f"/wishes/{second.code}/", f"/wishes/{first.code}/"]


def test_who_acts_for_another_finds_theirs_as_long_as_they_do():
    here = wishes.scene()
    elder = worlds.person(here.community, name="周大寒")
    tie = acting_for(here, elder, here.asker)
    wish = wishes.ordered(here, subject=elder, actor_part="relative", details=SAID)
    assert "为周大寒" in ask("灯管", here.asker).content.decode()
    assert "我的" in labels(ask("周大寒", here.asker))
    type(tie).objects.filter(pk=tie.pk).update(until=clock.today())
    for typed in ("灯管", wish.code, "周大寒"):
        assert "我的" not in labels(ask(typed, here.asker)), typed


def test_nobody_else_finds_anything_of_it():
    here = wishes.scene()
    wish = wishes.ordered(here, details=SAID)
    stranger = worlds.account(here.community)
    for user in (None, stranger, here.worker, here.helper, worlds.supervisor(here.community), worlds.administrator()):
        for typed in ("灯管", wish.code, "一闪"):
            answer = ask(typed, user)
            assert "我的" not in labels(answer)
            assert wish.code not in answer.content.decode().replace(f'value="{wish.code}"', "").split("<main")[1].split(
                'id="found"'
            )[1].replace(f"“{wish.code}”", "")


def test_what_was_written_stands_in_no_index():
    here = wishes.scene()
    wishes.approved(here, title="看看客厅", details=SAID, contact_name="李桂香", contact_address="9栋909")
    assert public and scoped
    for model in (PublicEntry, ScopedEntry):
        for entry in model.objects.all():
            held = f"{entry.title} {entry.rest} {sorted(entry.terms)}"
            assert "灯管" not in held and "一闪" not in held and "909" not in held


def test_a_contact_is_not_looked_through_nor_opened():
    here = wishes.scene()
    wishes.ordered(here, details=SAID, contact_name="李桂香", contact_address="9栋909")
    assert "我的" not in labels(ask("李桂香", here.asker))
    assert "我的" not in labels(ask("9栋909", here.asker))


def test_no_more_than_the_newest_are_looked_through_and_many_cost_what_one_does(monkeypatch):
    here = wishes.scene()
    first = wishes.ordered(here, details=SAID)

    def queries() -> int:
        user = type(here.asker).objects.get(pk=here.asker.pk)
        with connection.execute_wrapper(counting):
            count.clear()
            own.look_own(own.Query("灯管"), user)
        return len(count)

    count: list[str] = []

    def counting(execute, sql, params, many, context):
        count.append(sql)
        return execute(sql, params, many, context)

    alone = queries()
    for _number in range(7):
        wishes.ordered(here, details=SAID)
    assert queries() == alone
    monkeypatch.setattr(own, "MOST", 7)
    hits = own.look_own(own.Query("灯管"), here.asker)
    assert len(hits) == 7 and f"/wishes/{first.code}/" not in [hit.line.url for hit in hits]
    group = groups(ask("灯管", here.asker))["我的"]
    assert (len(group.titles), group.count) == (5, "7")
    assert len(titles(worlds.client_for(here.asker).get("/search/" + group.links["全部我的"]), "我的")) == 7
    assert Wish.objects.count() == 8
