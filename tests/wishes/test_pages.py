"""The wishes' pages: ordering in three steps, who reads what, acts that are safe to send twice."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core import clock, drafts
from portal.people import consenting
from portal.people.consenting import CHILD_PURPOSE
from portal.people.models import Authorisation, Channel, Guardianship
from services.wishes.models import ContactReveal, Wish, WishState
from services.wishes.views.ordering import DRAFT
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db

STEP = "wishes:order_step"
DETAILS = {"details": "二楼楼道的灯坏了", "when": "any"}
CONTACT = {"contact_name": "李雪", "contact_phone": "154 0000 2001", "contact_address": "2栋201"}


def step(number: int) -> str:
    return reverse(STEP, args=[number])


def walk(client, *, kind: str = "repair", details: dict | None = None, once: str = "t" * 32):
    assert client.post(step(1), {"kind": kind}).url == step(2)
    assert client.post(step(2), details or DETAILS).url == step(3)
    return client.post(step(3), {**CONTACT, "once": once})


def text(answer) -> str:
    return answer.content.decode()


def agreed(child, guardian) -> None:
    said = {"purpose": CHILD_PURPOSE, "channel": Channel.ONLINE, "at": clock.now()}
    consenting.give(person=child, guardian=guardian, **said)


class TestOrdering:
    def test_three_steps_and_a_page_that_says_what_comes_next(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        assert client.get(reverse("wishes:order")).url == step(1)
        assert client.get(step(1)).status_code == 200
        answer = walk(client)
        wish = Wish.objects.get()
        assert answer.url == reverse("wishes:done", args=[wish.code, "ordered"])
        done = text(client.get(answer.url))
        assert wish.code in done and "回话" in done
        assert (wish.details, wish.contact_phone, wish.state) == ("二楼楼道的灯坏了", "15400002001", "pending_review")
        assert drafts.load(owner_id=here.asker.pk, form=DRAFT, at=clock.now()) is None

    def test_sent_twice_it_is_one_wish(self):
        client = worlds.client_for(scenes.scene().asker)
        first = walk(client)
        second = client.post(step(3), {**CONTACT, "once": "t" * 32})
        assert first.url == second.url
        assert Wish.objects.count() == 1

    def test_steps_cannot_be_skipped_and_drafts_come_back(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        assert client.get(step(3)).url == step(1)
        client.post(step(1), {"kind": "repair"})
        client.post(step(2), DETAILS)
        elsewhere = worlds.client_for(here.asker)
        assert "二楼楼道的灯坏了" in text(elsewhere.get(step(2)))
        assert elsewhere.get(reverse("wishes:order")).url == step(3)
        assert worlds.client_for(worlds.account(here.community)).get(reverse("wishes:order")).url == step(1)

    def test_errors_stand_beside_the_field_and_keep_what_was_typed(self):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "repair"})
        client.post(step(2), DETAILS)
        answer = client.post(
            step(3), {"contact_name": "李雪", "contact_phone": "12345", "contact_address": "", "once": "x" * 32}
        )
        assert answer.status_code == 422
        page = text(answer)
        assert "手机号是 11 位数字" in page and "这类事要上门，请写地址" in page and "李雪" in page and "12345" in page
        assert not Wish.objects.exists()

    def test_a_thing_asks_its_price_and_the_refusal_of_the_act_is_shown(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        client.post(step(1), {"kind": "thing"})
        assert client.post(step(2), {**DETAILS, "price": "很多"}).status_code == 422
        assert "请填写金额" in text(client.post(step(2), {**DETAILS, "price": "很多"}))
        client.post(step(2), {**DETAILS, "price": "400"})
        scenes.ordered(here, slug="thing", price_fen=5000)
        answer = client.post(step(3), {**CONTACT, "once": "y" * 32})
        assert answer.status_code == 422 and "已经有一个物品心愿在办" in text(answer)

    @pytest.mark.parametrize("typed", ["", " \u200f\u202e ", "\x00\x08", "字" * 501])
    def test_words_that_are_none_are_refused(self, typed):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "repair"})
        assert client.post(step(2), {"details": typed, "when": "any"}).status_code == 422

    def test_script_is_words(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        walk(client, details={"details": "<script>alert(1)</script> {{7*7}}", "when": "any"})
        page = text(client.get(reverse("wishes:detail", args=[Wish.objects.get().code])))
        assert "<script>alert(1)" not in page and "&lt;script&gt;" in page and "{{7*7}}" in page

    def test_marks_that_turn_the_reading_direction_are_not_stored(self):
        client = worlds.client_for(scenes.scene().asker)
        walk(client, details={"details": "修\u202e灯\x00好吗\u200f", "when": "any"})
        assert Wish.objects.get().details == "修灯好吗"

    def test_a_token_of_another_form_says_nothing_here(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        token = "s" * 90 + "\0"
        applied = client.post(
            reverse("volunteers:apply"),
            {"community": here.community.pk, "availability": "any", "introduction": "会修灯", "once": token},
        )
        assert applied.status_code == 302
        assert walk(client, once=token).status_code == 302
        assert Wish.objects.count() == 1

    def test_for_a_child_and_for_an_elder_one_may_act_for(self):
        here = scenes.scene()
        child, elder = worlds.person(here.community, name="小豆"), worlds.person(here.community, name="何奶奶")
        stranger = worlds.person(here.community)
        Guardianship.objects.create(child=child, guardian=here.asker.person, relation="母亲", since=clock.today())
        agreed(child, here.asker.person)
        Authorisation.objects.create(
            principal=elder, agent=here.asker.person, relation="女儿", since=clock.today(), recorded_by=here.worker
        )
        client = worlds.client_for(here.asker)
        for person, part in ((child, "guardian"), (elder, "relative")):
            client.post(step(1), {"kind": "repair", "subject": person.pk})
            client.post(step(2), DETAILS)
            client.post(step(3), {**CONTACT, "once": f"{person.pk}".rjust(32, "k")})
            wish = Wish.objects.get(subject=person)
            assert wish.transitions().first().actor_part == part
        assert client.post(step(1), {"kind": "repair", "subject": stranger.pk}).status_code == 422

    def test_what_was_typed_when_the_session_had_ended_comes_back(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        client.post(step(1), {"kind": "repair"})
        client.logout()
        late = client.post(step(2), {"details": "楼道的灯又坏了", "when": "any"})
        assert late["Location"].endswith(f"?next={step(2)}")
        assert "填过的内容给您留着" in text(client.get(late["Location"]))
        signed = client.post(late["Location"], {"login": here.asker.phone, "password": worlds.PASSWORD})
        assert signed["Location"] == step(2)
        assert client.session.get_expiry_age() > 24 * 3600, "the hour was for what was typed, not for the sign-in"
        assert "楼道的灯又坏了" in text(client.get(step(2)))
        assert "楼道的灯又坏了" not in text(client.get(step(2))), "it was kept for one showing"

    def test_a_button_that_was_pressed_too_late_leads_back_to_its_page(self):
        here = scenes.scene()
        wish = scenes.dispatched(here)
        page = reverse("wishes:detail", args=[wish.code])
        late = worlds.client_for(None).post(
            reverse("wishes:claim", args=[wish.code]), headers={"referer": f"http://testserver{page}"}
        )
        assert late["Location"].endswith(f"?next={page}")
        foreign = worlds.client_for(None).post(
            reverse("wishes:claim", args=[wish.code]), headers={"referer": "https://elsewhere.example.com/x/"}
        )
        assert "elsewhere" not in foreign["Location"]

    def test_a_draft_can_be_thrown_away(self):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "repair"})
        assert client.post(reverse("wishes:order_discard")).url == step(1)
        assert client.get(reverse("wishes:order")).url == step(1)

    def test_one_open_thing_is_said_at_the_first_step_and_the_limit_at_the_second(self):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        client.post(step(1), {"kind": "thing"})
        dear = client.post(step(2), {**DETAILS, "price": "501"})
        assert dear.status_code == 422 and "不超过 500 元" in text(dear)
        scenes.ordered(here, slug="thing", price_fen=5000)
        second = client.post(step(1), {"kind": "thing"})
        assert second.status_code == 422 and "已经有一个物品心愿在办" in text(second)

    def test_an_id_number_is_not_taken_in(self):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "repair"})
        answer = client.post(step(2), {"details": "我的证件是 １１０１０５ 19491231 002X 请查", "when": "any"})
        assert answer.status_code == 422 and "请不要写身份证号" in text(answer)
        card = client.post(step(2), {"details": "帮我取钱 6222 0202 0000 1234 562", "when": "any"})
        assert card.status_code == 422 and "请不要写银行卡号" in text(card)
        assert "6222 0202 0000 1234 562" in text(card), "what was typed stands there to be put right"
        client.post(step(2), DETAILS)
        for name in ("contact_name", "contact_address"):
            answer = client.post(step(3), {**CONTACT, name: "李 430202 19490307 1235", "once": "i" * 32})
            assert answer.status_code == 422 and "请不要写身份证号" in text(answer)
        assert not Wish.objects.exists()

    @pytest.mark.parametrize("details", ["😀😀😀😀", "好", "！！！！！！", "好好好好好", "1 1 1 1"])
    def test_details_that_say_nothing_are_asked_for_again_with_an_example(self, details):
        here = scenes.scene()
        client = worlds.client_for(here.asker)
        client.post(step(1), {"kind": "repair"})
        answer = client.post(step(2), {"details": details, "when": "any"})
        assert answer.status_code == 422 and "例如：厨房的灯坏了" in text(answer) and details in text(answer)
        with pytest.raises(ValidationError):
            scenes.ordered(here, details=details)

    @pytest.mark.parametrize("details", ["修灯", "灯坏了", "……修灯。"])
    def test_two_words_that_say_it_are_enough(self, details):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "repair"})
        assert client.post(step(2), {"details": details, "when": "any"}).status_code == 302

    @pytest.mark.parametrize(
        ("price", "said"),
        [
            ("0", "不能是 0 元"),
            ("-5", "不要写减号"),
            ("−5", "不要写减号"),
            ("501", "不超过 500 元"),
            ("", "大约多少钱"),
        ],
    )
    def test_a_price_that_is_none_says_why(self, price, said):
        client = worlds.client_for(scenes.scene().asker)
        client.post(step(1), {"kind": "thing"})
        answer = client.post(step(2), {**DETAILS, "price": price})
        assert answer.status_code == 422
        assert said in text(answer)

    def test_a_fixed_line_can_be_left_is_masked_and_dialled_without_signs(self):
        here = scenes.scene()
        wish = scenes.claimed(here, contact_phone="（0731）2881 2345")
        assert wish.contact_phone == "0731-28812345"
        sheet = text(worlds.client_for(here.worker).get(reverse("wishes:sheet", args=[wish.code])))
        assert "0731-****2345" in sheet and "28812345" not in sheet
        volunteer = worlds.client_for(here.helper)
        shown = volunteer.post(reverse("wishes:contact", args=[wish.code]), follow=True)
        assert 'href="tel:073128812345"' in text(shown) and "0731-28812345" in text(shown)

    def test_an_account_without_a_person_orders_nothing(self):
        assert worlds.client_for(worlds.administrator()).get(reverse("wishes:order")).status_code == 404


class TestReading:
    def test_the_wall_shows_reviewed_words_only(self):
        here = scenes.scene()
        scenes.ordered(here, details="没有审核过的字")
        scenes.approved(here, title="换一盏灯", details="私下说的话")
        page = text(worlds.client_for(None).get(reverse("wishes:wall")))
        assert "换一盏灯" in page
        for secret in (
            "没有审核过的字",
            "私下说的话",
            here.asker.person.contact_phone,
            here.asker.person.name,
            "2栋201",
        ):
            assert secret not in page

    def test_the_wall_costs_the_same_however_long_it_is(self, django_assert_max_num_queries):
        here = scenes.scene()
        for number in range(45):
            scenes.approved(here, title=f"心愿{number:02d}号")
        client = worlds.client_for(None)
        with django_assert_max_num_queries(6):
            first = text(client.get(reverse("wishes:wall")))
        assert "心愿44号" in first and "心愿25号" in first and "心愿24号" not in first

    def test_the_wall_is_narrowed_by_kind_state_and_community(self):
        here, away = scenes.scene(), scenes.scene("向阳社区")
        scenes.approved(here, title="修水管")
        scenes.approved(here, title="取药", slug="errand")
        scenes.closed(away, title="散步", slug="company")
        client = worlds.client_for(None)
        wall = reverse("wishes:wall")
        assert "取药" not in text(client.get(wall + "?kind=repair"))
        closed = text(client.get(wall + "?state=closed"))
        assert "散步" in closed and "修水管" not in closed
        client.cookies["community"] = str(here.community.pk)
        assert "散步" not in text(client.get(wall + "?state=closed"))
        assert "散步" in text(client.get(wall + "?state=closed&community="))
        assert client.get(wall + "?kind=nothing&state=%00").status_code == 200

    def test_each_reader_sees_what_is_theirs(self):
        here = scenes.scene()
        wish = scenes.claimed(here, details="腿脚不便请帮忙")
        url = reverse("wishes:detail", args=[wish.code])
        public = text(worlds.client_for(None).get(url))
        assert "腿脚不便请帮忙" not in public and here.asker.person.contact_phone not in public
        asker = text(worlds.client_for(here.asker).get(url))
        assert "腿脚不便请帮忙" in asker and "谁看过我的电话" in asker
        helper = text(worlds.client_for(here.helper).get(url))
        assert "腿脚不便请帮忙" in helper and wish.contact_phone not in helper

    def test_an_unreviewed_wish_does_not_exist_for_strangers(self):
        here = scenes.scene()
        url = reverse("wishes:detail", args=[scenes.ordered(here).code])
        for stranger in (
            None,
            worlds.account(here.community),
            worlds.worker(worlds.community("向阳社区")),
            here.helper,
        ):
            assert worlds.client_for(stranger).get(url).status_code == 404
        for insider in (here.asker, here.worker, worlds.supervisor(here.community)):
            assert worlds.client_for(insider).get(url).status_code == 200

    def test_my_wishes_are_mine(self):
        here = scenes.scene()
        scenes.approved(here, title="我的一件")
        page = text(worlds.client_for(here.asker).get(reverse("wishes:mine")))
        assert "我的一件" in page
        assert "我的一件" not in text(worlds.client_for(here.helper).get(reverse("wishes:mine")))


class TestActing:
    def act(self, client, wish, name, **body):
        return client.post(reverse(f"wishes:{name}", args=[wish.code]), {"once": "z" * 32, **body})

    def test_claim_contact_complete_rate(self):
        here = scenes.scene()
        wish = scenes.dispatched(here)
        helper, asker = worlds.client_for(here.helper), worlds.client_for(here.asker)
        for _time in range(2):
            assert self.act(helper, wish, "claim").url == reverse("wishes:done", args=[wish.code, "claimed"])
        assert wish.transitions().filter(name="claim").count() == 1
        shown = self.act(helper, wish, "contact")
        assert wish.contact_phone in text(shown) and shown["Cache-Control"] == "private, no-store"
        assert ContactReveal.objects.get().viewer == here.helper
        page = text(asker.get(reverse("wishes:detail", args=[wish.code])))
        assert here.volunteer.person.name_masked in page
        bad = self.act(helper, wish, "complete", minutes="0", note="好了")
        assert bad.status_code == 422 and "至少 1 分钟" in text(bad) and "好了" in text(bad)
        for _time in range(2):
            self.act(helper, wish, "complete", minutes="50", note="换好了")
        assert self.act(asker, wish, "rate").status_code == 422
        for _time in range(2):
            assert self.act(asker, wish, "rate", rating="5", comment="谢谢").status_code == 302
        wish.refresh_from_db()
        assert (wish.state, wish.rating, wish.service_minutes) == (WishState.CLOSED, 5, 50)
        assert self.act(helper, wish, "contact").status_code == 403

    def test_a_late_claim_is_told_kindly(self):
        here = scenes.scene()
        wish = scenes.claimed(here)
        answer = self.act(worlds.client_for(worlds.volunteer(here.community).person.user), wish, "claim")
        assert answer.status_code == 409 and "手慢了一步" in text(answer)

    def test_who_has_not_the_right_is_refused(self):
        here = scenes.scene()
        wish = scenes.claimed(here)
        resident = worlds.client_for(worlds.account(here.community))
        for name in ("withdraw", "rate", "claim", "contact", "refuse", "return", "complete"):
            assert self.act(resident, wish, name).status_code == 403, name
            assert self.act(worlds.client_for(None), wish, name).status_code == 302, name
        assert worlds.client_for(here.helper).get(reverse("wishes:claim", args=[wish.code])).status_code == 405

    def test_a_move_that_came_too_late_says_so(self):
        here = scenes.scene()
        wish = scenes.closed(here)
        answer = self.act(worlds.client_for(here.asker), wish, "withdraw")
        assert answer.status_code == 409 and "现在不能撤回" in text(answer)

    def test_return_and_withdraw(self):
        here = scenes.scene()
        wish = scenes.claimed(here)
        helper = worlds.client_for(here.helper)
        assert self.act(helper, wish, "return", reason=" ").status_code == 422
        self.act(helper, wish, "return", reason="出差")
        wish.refresh_from_db()
        assert wish.state == WishState.PENDING_DISPATCH
        assert "出差" not in text(worlds.client_for(here.asker).get(reverse("wishes:detail", args=[wish.code])))
        self.act(worlds.client_for(here.asker), wish, "withdraw", reason="")
        wish.refresh_from_db()
        assert wish.state == WishState.WITHDRAWN
        assert worlds.client_for(here.helper).get(reverse("wishes:detail", args=[wish.code])).status_code == 404

    def test_done_pages_are_for_who_did_it(self):
        here = scenes.scene()
        wish = scenes.closed(here)
        asker, helper = worlds.client_for(here.asker), worlds.client_for(here.helper)
        for client, what in ((asker, "ordered"), (helper, "claimed"), (helper, "completed"), (asker, "rated")):
            assert client.get(reverse("wishes:done", args=[wish.code, what])).status_code == 200, what
        for client, what in ((asker, "claimed"), (helper, "ordered"), (asker, "withdrawn"), (asker, "nothing")):
            assert client.get(reverse("wishes:done", args=[wish.code, what])).status_code == 404, what
        taken_back = scenes.approved(here)
        self.act(asker, taken_back, "withdraw", reason="")
        assert asker.get(reverse("wishes:done", args=[taken_back.code, "withdrawn"])).status_code == 200
