"""Saying where one lives: claimed by the person, confirmed by the desk."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from portal.core import clock, workdays
from portal.core.models import Transition
from portal.core.moves import MoveRefused
from portal.core.templating import date_cn
from portal.notices.models import Notice
from portal.people import tying
from portal.people.homes import homes_of
from portal.people.models import Ownership, PersonArea, Representative, Residency, TieState
from portal.places.models import Area
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
CLAIM = "front:claim_home"


def said(building, **fields):
    return {
        "building": building.pk,
        "unit": "1单元",
        "number": "302",
        "kind": "owner",
        "since": "2020-05-01",
        "once": "h" * 30,
        **fields,
    }


def test_claimed_once_confirmed_by_the_desk_and_told():
    here = worlds.community()
    user, worker = worlds.account(here), worlds.worker(here)
    building = worlds.building(here, grid=worlds.grid(here))
    household = worlds.household(building, unit="1", number="302")
    client = worlds.client_for(user)
    assert client.get(reverse("front:homes")).status_code == 200
    assert client.get(reverse(CLAIM)).status_code == 200
    for _time in range(2):
        assert client.post(reverse(CLAIM), said(building))["Location"] == reverse("front:homes")
    lives, owns = Residency.objects.get(), Ownership.objects.get()
    assert (lives.household, lives.state, owns.state) == (household, TieState.CLAIMED, TieState.CLAIMED)
    page = client.get(reverse("front:homes")).content.decode()
    assert "待确认" in page and "前确认，确认后告诉您" in page
    assert lives.due_on == workdays.add_working_days(clock.local_day(lives.state_since), 5)
    tying.confirm(tie=lives, actor=worker, at=clock.now())
    tying.confirm(tie=owns, actor=worker, at=clock.now())
    assert "已确认" in client.get(reverse("front:me")).content.decode()
    assert PersonArea.objects.filter(person=user.person, grid=building.grid).exists()
    assert Notice.objects.filter(person=user.person).count() == 2


def test_the_desk_has_working_days_to_answer_and_the_page_says_the_last_of_them():
    here = worlds.community()
    household = worlds.household(worlds.building(here))
    before_the_holiday = clock.noon(dt.date(2026, 9, 30))
    assert tying.decided_by(household, before_the_holiday) > dt.date(2026, 10, 8)
    assert workdays.is_working_day(tying.decided_by(household, clock.now()))


@pytest.mark.parametrize(
    "wrong,words",
    [
        ({"number": "999"}, "没有找到这一户"),
        ({"number": ""}, "请写房号"),
        ({"since": "2999-01-01"}, "日期不能在今天以后"),
        ({"since": "1800-01-01"}, "日期太早了"),
        ({"since": "昨天"}, "请写一个日期"),
        ({"kind": "king"}, "请选一样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(wrong, words):
    here = worlds.community()
    building = worlds.building(here)
    worlds.household(building, unit="1", number="302")
    answer = worlds.client_for(worlds.account(here)).post(reverse(CLAIM), said(building, **wrong))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Residency.objects.exists() and not Ownership.objects.exists()


def test_a_building_of_elsewhere_is_no_choice():
    here, away = worlds.community(), worlds.community("向阳社区")
    building = worlds.building(away)
    worlds.household(building, unit="1", number="302")
    answer = worlds.client_for(worlds.account(here)).post(reverse(CLAIM), said(building))
    assert answer.status_code == 422 and "请选楼栋" in answer.content.decode()


def test_a_second_claim_to_the_same_home_is_refused_whole():
    here = worlds.community()
    building = worlds.building(here)
    worlds.household(building, unit="1", number="302")
    client = worlds.client_for(worlds.account(here))
    client.post(reverse(CLAIM), said(building, kind="tenant"))
    answer = client.post(reverse(CLAIM), said(building, once="i" * 30))
    assert answer.status_code == 422 and "已经有登记" in answer.content.decode()
    assert Residency.objects.count() == 1 and not Ownership.objects.exists()


# Seen, taken back, left ----------------------------------------------------------------------------------------------


@pytest.fixture
def here():
    """A household, somebody who claims it, and the desk."""

    class Here:
        community = worlds.community()
        user = worlds.account(community)
        worker = worlds.worker(community)
        household = worlds.household(worlds.building(community, name="8栋"), unit="1", number="302")

        def claim(self, kind: str = "owner", since: dt.date | None = None) -> Residency:
            return tying.claim_home(
                person=self.user.person,
                household=self.household,
                kind=kind,
                since=since or clock.today() - dt.timedelta(days=100),
                actor_id=self.user.pk,
                actor_part="requester",
                at=clock.now(),
            )

        def confirm(self, *ties) -> None:
            for tie in ties:
                tying.confirm(tie=tie, actor=self.worker, at=clock.now())

        def page(self) -> str:
            return worlds.client_for(self.user).get(reverse("front:homes")).content.decode()

        def withdraw(self, user=None):
            return worlds.client_for(user or self.user).post(reverse("front:withdraw_home", args=[self.household.pk]))

    return Here()


def _leave(residency: Residency) -> str:
    return reverse("front:leave_home", args=[residency.pk])


def test_a_claim_shows_by_when_it_is_decided_and_what_is_open_to_do(here):
    here.claim()
    page = here.page()
    assert "待确认" in page and "前核对，有结果告诉您" in page
    assert "撤回登记" in page and "我搬走了" not in page
    assert "None" not in page


def test_a_refusal_shows_the_reason_that_the_desk_wrote(here):
    lives = here.claim("tenant")
    tying.refuse(tie=lives, actor=here.worker, at=clock.now(), reason="租约上是另一户")
    page = here.page()
    assert "未通过" in page and "没有通过的原因：租约上是另一户" in page and "以前的" in page
    assert "撤回登记" not in page


def test_nobody_sees_anothers_homes(here):
    lives = here.claim("tenant")
    tying.refuse(tie=lives, actor=here.worker, at=clock.now(), reason="租约上是另一户")
    for other in (worlds.account(here.community), here.worker, worlds.administrator()):
        page = worlds.client_for(other).get(reverse("front:homes")).content.decode()
        assert str(here.household) not in page and "租约" not in page


def test_home_and_ownership_are_taken_back_together_once(here):
    here.claim()
    client = worlds.client_for(here.user)
    address = reverse("front:withdraw_home", args=[here.household.pk])
    assert "撤回这一处登记" in client.get(address).content.decode()
    assert Residency.objects.get().state == TieState.CLAIMED, "the page asks first"
    for _time in range(2):
        assert here.withdraw()["Location"] == reverse("front:homes")
    assert Residency.objects.get().state == Ownership.objects.get().state == TieState.WITHDRAWN
    moves = Transition.objects.filter(name="withdraw")
    assert moves.count() == 2 and {move.actor_part for move in moves} == {"requester"}
    page = here.page()
    assert page.count("已撤回") == 2 and "未通过" not in page
    assert not Notice.objects.exists(), "one's own act is no news"
    assert here.claim().state == TieState.CLAIMED, "and it may be claimed anew"


def test_what_is_confirmed_is_not_taken_back_with_the_rest(here):
    lives = here.claim()
    here.confirm(lives)
    assert here.withdraw().status_code == 302
    lives.refresh_from_db()
    assert (lives.state, Ownership.objects.get().state) == (TieState.CONFIRMED, TieState.WITHDRAWN)


def test_a_claim_that_the_desk_decided_meanwhile_stays_decided_whole(here, monkeypatch):
    """Both are read as open, then the desk confirms one: nothing of the two is taken back."""
    lives = here.claim()
    move = tying.moves.move

    def after_the_desk(subject, name, **fields):
        if name == "withdraw" and isinstance(subject, Ownership):
            monkeypatch.setattr(tying.moves, "move", move)
            here.confirm(Ownership.objects.get())
        return move(subject, name, **fields)

    monkeypatch.setattr(tying.moves, "move", after_the_desk)
    with pytest.raises(MoveRefused):
        tying.withdraw_claims(household=here.household, actor=here.user, at=clock.now())
    lives.refresh_from_db()
    assert lives.state == TieState.CLAIMED


def test_nobody_takes_back_anothers(here):
    here.claim()
    for other in (worlds.account(here.community), here.worker, worlds.administrator()):
        assert here.withdraw(other).status_code == 404
        assert tying.withdraw_claims(household=here.household, actor=other, at=clock.now()) == 0
    assert Residency.objects.get().state == TieState.CLAIMED


def test_who_moved_out_says_so_and_what_is_owned_stays_owned(here):
    lives = here.claim()
    owns = Ownership.objects.get()
    here.confirm(lives, owns)
    page = here.page()
    assert "我搬走了" in page and "撤回登记" not in page and "不动产权证" in page
    client = worlds.client_for(here.user)
    day = clock.today() - dt.timedelta(days=3)
    assert str(here.household) in client.get(_leave(lives)).content.decode()
    Area.objects.filter(pk=here.community.pk).update(phone="0731-28810000")
    asked = client.post(_leave(lives), {"until": day.isoformat()})
    page = asked.content.decode()
    assert asked.status_code == 200 and "确认已经搬走" in page and date_cn(day) in page and "产权登记不变" in page
    lives.refresh_from_db()
    assert lives.state == TieState.CONFIRMED, "one press ends nothing"
    for _time in range(2):
        answer = client.post(_leave(lives), {"until": day.isoformat(), "sure": "yes"})
        assert answer["Location"] == reverse("front:homes")
    said = strip_tags(client.get(answer["Location"]).content.decode())
    assert "打社区电话 0731-28810000，请工作人员重新登记" in said
    lives.refresh_from_db()
    owns.refresh_from_db()
    assert (lives.state, lives.until, owns.state) == (TieState.ENDED, day, TieState.CONFIRMED)
    moved = Transition.objects.filter(name="end").get()
    assert (moved.actor_id, moved.actor_part) == (here.user.pk, "requester")


def test_who_spoke_for_the_household_by_living_there_alone_stops(here):
    lives = here.claim("tenant")
    here.confirm(lives)
    tying.set_representative(household=here.household, person=here.user.person, actor=here.worker, at=clock.now())
    assert "您是户代表" in here.page()
    client = worlds.client_for(here.user)
    until = {"until": clock.today().isoformat()}
    assert "您不再是这一户的户代表" in client.post(_leave(lives), until).content.decode()
    client.post(_leave(lives), {**until, "sure": "yes"})
    assert not Representative.objects.filter(until__isnull=True).exists()


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2999-01-01", "还没到这一天"),
        ("1990-01-01", "不能早于住进来的日期"),
        ("", "请写一个日期"),
        ("昨天", "请写一个日期"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_nothing_ends(here, until, words):
    lives = here.claim("tenant")
    here.confirm(lives)
    answer = worlds.client_for(here.user).post(_leave(lives), {"until": until, "sure": "yes"})
    assert answer.status_code == 422 and words in answer.content.decode()
    lives.refresh_from_db()
    assert lives.state == TieState.CONFIRMED


def test_nobody_moves_another_out(here):
    lives = here.claim("tenant")
    here.confirm(lives)
    for other in (worlds.account(here.community), here.worker, worlds.administrator()):
        client = worlds.client_for(other)
        assert client.get(_leave(lives)).status_code == 404
        assert client.post(_leave(lives), {"until": clock.today().isoformat(), "sure": "yes"}).status_code == 404
        with pytest.raises(PermissionDenied):
            tying.move_out(residency=lives, actor=other, at=clock.now(), until=clock.today())
    lives.refresh_from_db()
    assert lives.state == TieState.CONFIRMED


def test_the_act_itself_refuses_a_day_ahead_and_a_claim(here):
    lives = here.claim("tenant")
    with pytest.raises(MoveRefused):
        tying.move_out(residency=lives, actor=here.user, at=clock.now(), until=clock.today())
    here.confirm(lives)
    with pytest.raises(ValidationError):
        tying.move_out(residency=lives, actor=here.user, at=clock.now(), until=clock.today() + dt.timedelta(days=1))


def test_who_moves_out_with_something_open_is_told_that_it_still_leads_there():
    scene = scenes.scene()
    household = worlds.household(worlds.building(scene.community))
    lives = Residency.objects.create(
        person=scene.asker.person,
        household=household,
        kind="tenant",
        state=TieState.CONFIRMED,
        state_since=clock.now(),
        since=clock.today(),
    )
    wish = scenes.ordered(scene)
    type(wish).objects.filter(pk=wish.pk).update(household=household)
    tying.move_out(residency=lives, actor=scene.asker, at=clock.now(), until=clock.today())
    told = [notice for notice in Notice.objects.filter(person=scene.asker.person) if "地址" in notice.title]
    assert len(told) == 1 and str(household) not in told[0].title
    wish.refresh_from_db()
    assert wish.state == "pending_review", "it is not cancelled"


def test_homes_cost_the_same_at_one_and_at_thirty(here):
    client = worlds.client_for(here.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("front:homes"))
        return len(captured)

    lives = here.claim()
    tying.refuse(tie=lives, actor=here.worker, at=clock.now(), reason="缺租约")
    one = queries()
    building = worlds.building(here.community)
    for _number in range(29):
        here.household = worlds.household(building)
        tying.refuse(tie=here.claim("tenant"), actor=here.worker, at=clock.now(), reason="缺租约")
    assert queries() == one <= 12
    assert len(homes_of(here.user)) == 30
