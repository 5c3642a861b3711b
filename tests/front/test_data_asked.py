"""What one asks for about one's own data, on its pages: a correction, erasing at once, and erasing by the office."""

import re

import pytest

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.notices.models import Notice
from portal.people import forgetting
from tests import worlds

from .lives import life, proven

pytestmark = pytest.mark.django_db


def test_a_correction_is_asked_for_on_the_page_and_taken_back():
    user = worlds.account(worlds.community(), name="林小荷")
    client = worlds.client_for(user)
    page = client.get("/me/data/correct/").content.decode()
    assert "姓名" in page and "/me/data/correct/new/birth_date/" in page
    wrong = client.post(
        "/me/data/correct/new/birth_date/", {"value_year": "1950", "value_month": "13", "value_day": "5"}
    )
    assert wrong.status_code == 422 and 'value="13"' in wrong.content.decode()
    typed = {"value_year": "1950", "value_month": "3", "value_day": "5", "words": "身份证上这样写", "once": "a"}
    answer = client.post("/me/data/correct/new/birth_date/", typed)
    assert client.post("/me/data/correct/new/birth_date/", typed)["Location"] == answer["Location"], "once"
    shown = client.get(answer["Location"]).content.decode()
    assert "1950年3月5日" in shown and "答复" in shown
    client.post(answer["Location"], {"act": "withdraw"})
    assert "已撤回" in client.get(answer["Location"]).content.decode()
    stranger = worlds.client_for(worlds.account(worlds.community()))
    assert stranger.get(answer["Location"]).status_code == 404
    assert client.get("/me/data/correct/new/phone/").status_code == 404


def test_what_was_chosen_is_erased_once_and_the_receipt_is_the_readers_own():
    here = life()
    client = proven(here.user)
    page = client.get("/me/data/erase/").content.decode()
    assert "现在能删除的" in page and "依网络安全法" in page
    assert client.post("/me/data/erase/", {"purposes": "core.drafts"}).status_code == 422, "not sure"
    assert client.post("/me/data/erase/", {"purposes": "people.offices", "sure": "on"}).status_code == 422
    chosen = {"purposes": ["core.drafts", "notices.messages"], "sure": "on", "once": "x"}
    answer = client.post("/me/data/erase/", chosen)
    assert answer.status_code == 302
    assert client.post("/me/data/erase/", chosen)["Location"] == answer["Location"]
    assert AuditEntry.objects.filter(verb="data.erased").count() == 1
    receipt = client.get(answer["Location"]).content.decode()
    assert "替您留着没填完的表" in receipt
    assert not Notice.objects.filter(person=here.person).exists()
    assert worlds.client_for(here.neighbour).get(answer["Location"]).status_code == 404


@pytest.mark.postgres
def test_each_thing_that_goes_is_named_before_and_after_and_what_stays_is_named_too():
    here = life()
    client = proven(here.user)
    page = client.get("/me/data/erase/").content.decode()
    offered, kept = page.split("要留着的，为什么")
    offered = offered.split("现在能删除的")[1]
    register = offered.split("登记居民")[1].split("</label>")[0]
    assert "性别、出生日期、住址" in register and "姓名" not in register and "联系电话" not in register
    assert "没填完的表（1 份）" in offered and "条（涉及" not in offered
    stays = kept.split("登记居民")[1].split("</dd>")[0]
    assert "姓名、所在社区、联系电话。账号还在用" in stays and "性别" not in stays
    register = next(purpose.id for purpose in purposes if purpose.title == "登记居民")
    said = {"purposes": register, "sure": "on", "once": "y"}
    receipt = client.get(client.post("/me/data/erase/", said)["Location"]).content.decode()
    assert "性别、出生日期、住址" in receipt
    here.person.refresh_from_db()
    assert (here.person.sex, here.person.address) == ("", "") and here.person.name and here.person.contact_phone


def test_every_purpose_that_erases_has_words_for_what_goes():
    here = life()
    promised = forgetting.prospects(person=here.person, at=clock.now())
    erasing = [one for one in promised if one.erased]
    assert len(erasing) > 5
    for one in erasing:
        assert one.gone and sum(one.parts.values()) == one.erased, one.purpose.id
    assert all(set(one.parts) <= set(one.purpose.part_words) for one in promised)


def test_the_office_is_asked_to_erase_what_one_cannot():
    client = worlds.client_for(worlds.account(worlds.community()))
    assert client.post("/me/data/erase/ask/", {"words": ""}).status_code == 422
    answer = client.post("/me/data/erase/ask/", {"words": "旧的住址登记"})
    assert "删除信息" in client.get(answer["Location"]).content.decode()


@pytest.mark.postgres
def test_the_receipt_counts_what_was_offered_where_two_purposes_take_the_same_message():
    """A message about a wish goes with the wish and is one of the messages: both count it."""
    here = life()
    Notice.objects.create(person=here.person, kind="wishes", title="心愿的消息", url=f"/wishes/{here.wish.code}/")
    client = proven(here.user)
    [count] = re.findall(r"消息（(\d+) 条）", client.get("/me/data/erase/").content.decode())
    assert int(count) > 1
    wishes = next(one.id for one in purposes if "wishes" in one.part_words)
    chosen = {"purposes": [wishes, "notices.messages"], "sure": "on", "once": "z"}
    receipt = client.get(client.post("/me/data/erase/", chosen)["Location"]).content.decode()
    assert f"消息（{count} 条）" in re.sub(r"<[^>]+>", "", receipt)
    assert not Notice.objects.filter(person__in=here.person.record_ids()).exists()
