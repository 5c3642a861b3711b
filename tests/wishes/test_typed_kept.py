"""What is typed into a step of the order stays: by the way back, by the page's script, by a refusal. Once the order is
sent, nothing of it is a draft any more, in whichever tab."""

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.core import clock, drafts
from portal.core.models import Draft
from portal.people.models import Authorisation
from services.wishes.models import Wish
from services.wishes.own_records import ORDER
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db
DETAILS = {"details": "二楼楼道的灯坏了，晚上看不见。", "when": "any"}
CONTACT = {"contact_name": "李雪", "contact_phone": "15400001234", "contact_address": "2栋201"}


def step(number: int) -> str:
    return reverse("wishes:order_step", args=[number])


def keep(number: int) -> str:
    return reverse("wishes:order_keep", args=[number])


def shown(client: Client, number: int) -> str:
    return html.unescape(client.get(step(number)).content.decode())


def token_of(page: str) -> str:
    return page.split('name="once" value="')[1].split('"')[0]


def typed(user, number: int) -> dict[str, str]:
    draft = drafts.load(owner_id=user.pk, form=ORDER, at=clock.now())
    return draft.data["typed"].get(str(number), {}) if draft else {}


@pytest.fixture
def here():
    cache.clear()
    return scenes.scene()


def at_step(user, number: int) -> Client:
    client = worlds.client_for(user)
    for said in ({"kind": "repair"}, DETAILS)[: number - 1]:
        client.post(step(1) if "kind" in said else step(2), said)
    return client


class TestTheWayBack:
    def test_it_keeps_what_was_typed_and_judges_nothing(self, here):
        client = at_step(here.asker, 3)
        back = client.post(step(3), {"contact_name": "", "contact_phone": "154 12", "act": "back", "once": "b" * 32})
        assert (back.status_code, back.url) == (302, step(2))
        client.post(step(2), {"details": "灯", "when": "evenings", "act": "back"})
        page = shown(client, 2)
        assert "灯" in page.split("<textarea")[1].split("</textarea>")[0] and re.search(
            r'value="evenings"[^>]*checked', page
        )
        client.post(step(2), DETAILS)
        page = shown(client, 3)
        assert 'value="154 12"' in page and here.asker.person.name not in page.split('name="contact_name"')[1][:80]
        assert typed(here.asker, 2) == {}, "what a step took is typed no more"

    def test_it_is_a_button_of_the_form_after_the_one_that_leads_on(self, here):
        page = shown(at_step(here.asker, 2), 2)
        form = page.split('id="typed"')[1].split("</form>")[0]
        assert form.index("下一步") < form.index('name="act" value="back"') < form.index("上一步")
        assert "上一步" not in shown(worlds.client_for(here.asker), 1)

    def test_a_refused_step_keeps_it_too(self, here):
        client = at_step(here.asker, 3)
        assert client.post(step(3), {**CONTACT, "contact_phone": "12345"}).status_code == 422
        assert 'value="12345"' in shown(client, 3)


class TestTheScriptOfThePage:
    def test_it_keeps_and_shows_again_what_no_step_would_take(self, here):
        client = worlds.client_for(here.asker)
        assert client.post(keep(1), {"kind": "repair"}).status_code == 204
        assert 'value="repair"' in shown(client, 1) and client.get(step(2)).url == step(1)
        client.post(step(1), {"kind": "repair"})
        for _twice in range(2):
            answer = client.post(keep(2), {"details": "灯<b>\n坏", "when": "any"})
            assert (answer.status_code, answer.content) == (204, b"")
            assert "no-store" in answer["Cache-Control"]
        assert "灯<b>\n坏</textarea>" in shown(client, 2)
        assert Draft.objects.count() == 1

    def test_no_number_of_an_id_or_a_card(self, here):
        client = at_step(here.asker, 2)
        client.post(keep(2), {"details": "证件 11010519491231002X", "when": "weekends"})
        assert typed(here.asker, 2) == {"when": "weekends"}

    def test_nobody_whom_one_may_not_act_for(self, here):
        elder, stranger = worlds.person(here.community, name="何奶奶"), worlds.person(here.community, name="外人")
        Authorisation.objects.create(
            principal=elder, agent=here.asker.person, relation="女儿", since=clock.today(), recorded_by=here.worker
        )
        client = worlds.client_for(here.asker)
        for person, kept in ((elder, str(elder.pk)), (stranger, None), ("x", None)):
            client.post(keep(1), {"kind": "repair", "subject": getattr(person, "pk", person)})
            assert typed(here.asker, 1).get("subject") == kept

    def test_a_page_that_was_only_opened_is_no_draft(self, here):
        client = worlds.client_for(here.asker)
        client.post(keep(1), {})
        assert not Draft.objects.exists() and "hidden" in shown(client, 1).split('class="saved"')[1][:200]

    def test_a_step_that_is_not_reached_keeps_nothing(self, here):
        client = worlds.client_for(here.asker)
        assert client.post(keep(3), CONTACT).status_code == 204
        assert client.post(keep(4), CONTACT).status_code == 404
        assert not Draft.objects.exists()

    def test_a_session_that_ended_keeps_nothing_for_whoever_comes_next(self, here):
        client = at_step(here.asker, 2)
        client.logout()
        assert client.post(keep(2), {"details": "给下一个人看见", "when": "any"}).status_code == 403
        assert "unsent" not in client.session and typed(here.asker, 2) == {}

    def test_another_account_cannot_touch_it(self, here):
        client = at_step(here.asker, 2)
        page = shown(client, 2)
        other = at_step(worlds.account(here.community), 2)
        other.post(keep(2), {"details": "别人写的", "when": "any", "once": token_of(page)})
        assert "别人写的" not in shown(client, 2)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = other.cookies
        old = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        sent = {"details": "甲的页面", "when": "any", "csrfmiddlewaretoken": old}
        assert strict.post(keep(2), sent).status_code == 403, "a page that was opened before the account changed"

    def test_it_is_bounded(self, here):
        client = at_step(here.asker, 2)
        answers = [client.post(keep(2), {"details": f"第 {n} 遍", "when": "any"}).status_code for n in range(61)]
        assert answers == [204] * 60 + [429]

    def test_it_is_read_out_to_whom_it_belongs(self, here):
        client = at_step(here.asker, 2)
        client.post(keep(2), {"details": "还没写完", "when": "any"})
        client.post(keep(1), {"kind": "repair"})
        draft = drafts.load(owner_id=here.asker.pk, form=ORDER, at=clock.now())
        assert dict(drafts.read_out(draft))["是什么事"] == "还没写完"


class TestAfterSending:
    def test_nothing_of_it_comes_back_in_whichever_tab(self, here):
        """An error at the third step in one tab, the same step open in another; sent twice in the first, then in the
        second, then every earlier page of it that is still open somewhere."""
        client = at_step(here.asker, 3)
        first, second = token_of(shown(client, 3)), token_of(shown(client, 2))
        assert first == second
        assert client.post(step(3), {**CONTACT, "contact_phone": "1", "once": first}).status_code == 422
        sent = [client.post(step(3), {**CONTACT, "once": first}) for _click in range(2)]
        sent.append(client.post(step(3), {**CONTACT, "contact_name": "李小雪", "once": second}))
        assert len({answer.url for answer in sent}) == 1 and Wish.objects.count() == 1
        assert client.post(step(2), {**DETAILS, "once": second}).url == sent[0].url
        assert client.post(step(2), {**DETAILS, "once": second, "act": "back"}).url == sent[0].url
        assert client.post(step(1), {"kind": "repair", "once": second}).url == sent[0].url
        assert "已经提交过了" in html.unescape(client.get(sent[0].url).content.decode())
        assert client.post(keep(2), {**DETAILS, "once": second}).status_code == 204
        assert not Draft.objects.exists()
        assert client.get(reverse("wishes:order")).url == step(1)
        page = shown(client, 1)
        assert token_of(page) != first and "checked" not in page.split('id="typed"')[1]

    @pytest.mark.parametrize("said", [CONTACT, {**CONTACT, "contact_phone": "1"}, {**CONTACT, "act": "back"}])
    def test_what_had_read_the_draft_before_the_order_was_sent_does_not_bring_it_back(self, here, monkeypatch, said):
        client = at_step(here.asker, 3)
        token = token_of(shown(client, 3))
        load, first = drafts.load, []

        def loads_and_then_the_other_click_sends(**whose):
            found = load(**whose)
            if not first:
                first.append(None)
                first.append(worlds.client_for(here.asker).post(step(3), {**CONTACT, "once": token}))
            return found

        monkeypatch.setattr(drafts, "load", loads_and_then_the_other_click_sends)
        assert client.post(step(3), {**said, "once": token}).url == first[1].url
        assert Wish.objects.count() == 1 and not Draft.objects.exists()

    def test_the_next_order_is_an_order_of_its_own(self, here):
        for _time in range(2):
            client = at_step(here.asker, 3)
            client.post(step(3), {**CONTACT, "once": token_of(shown(client, 3))})
        assert Wish.objects.count() == 2
