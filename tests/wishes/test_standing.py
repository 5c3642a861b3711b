"""Who stands where towards a wish: acting for others ends when it ends, and nobody decides on their own matters."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import reverse

from alliance.volunteers import joining
from portal.core import clock
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people.access import acts_for
from portal.people.models import Authorisation, Guardianship, User
from services.wishes import access, closing, ordering, serving
from services.wishes.models import ContactReveal, Wish
from services.wishes.timeline import due_text, timeline
from tests import worlds

from . import scenes
from .test_desk import entry, picture

pytestmark = pytest.mark.django_db


def authorised(here, agent, *, since=None, until=None):
    elder = worlds.person(here.community, name="何霜降")
    row = Authorisation.objects.create(
        principal=elder,
        agent=agent.person,
        relation="女儿",
        since=since or clock.today(),
        until=until,
        recorded_by=here.worker,
    )
    return elder, row


def page(user, wish):
    return worlds.client_for(user).get(reverse("wishes:detail", args=[wish.code]))


def test_with_the_authorisation_ends_what_the_relative_may_see_and_do():
    here = scenes.scene()
    elder, row = authorised(here, here.asker)
    wish = scenes.ordered(here, subject=elder, actor_part="relative")
    assert page(here.asker, wish).status_code == 200
    assert list(Wish.objects.asked_by(here.asker)) == [wish]
    Authorisation.objects.filter(pk=row.pk).update(until=clock.today())
    assert page(here.asker, wish).status_code == 404
    assert not Wish.objects.asked_by(here.asker).exists()
    client = worlds.client_for(here.asker)
    assert client.post(reverse("wishes:withdraw", args=[wish.code])).status_code == 404
    before = Notice.objects.filter(person=here.asker.person).count()
    ordering.approve(wish=wish, title="取药", alias="何奶奶", actor=here.worker, at=clock.now())
    assert Notice.objects.filter(person=here.asker.person).count() == before
    assert Notice.objects.filter(person=elder).exists()


@pytest.mark.parametrize(
    "since,until,may",
    [(0, None, True), (-1, 1, True), (1, None, False), (-5, 0, False), (-5, -1, False)],
)
def test_an_authorisation_holds_from_its_first_day_until_its_last(since, until, may):
    here = scenes.scene()
    today = clock.today()
    elder, _row = authorised(
        here,
        here.asker,
        since=today + dt.timedelta(days=since),
        until=None if until is None else today + dt.timedelta(days=until),
    )
    assert bool(acts_for(here.asker, elder)) is may


@pytest.mark.parametrize("age_days,may", [(18 * 365, True), (19 * 366, False)])
def test_a_guardian_acts_until_the_child_is_eighteen(age_days, may):
    here = scenes.scene()
    child = worlds.person(here.community, birth_date=clock.today() - dt.timedelta(days=age_days))
    Guardianship.objects.create(child=child, guardian=here.asker.person, relation="母亲", since=child.birth_date)
    assert (acts_for(here.asker, child) == "guardian") is may


def test_records_that_were_merged_are_read_as_one_person():
    here = scenes.scene()
    wish = scenes.approved(here)
    standing = worlds.person(here.community, name="原来的记录")
    here.asker.person.merged_into = standing
    here.asker.person.save()
    user = User.objects.get(pk=here.asker.pk)
    assert access.requester_part(user, Wish.objects.get(pk=wish.pk)) == "requester"
    later = scenes.ordered(here, subject=standing, asker=standing)
    assert set(Wish.objects.asked_by(user)) == {wish, later}
    assert Notice.objects.visible_to(user).count() == 3
    assert page(user, later).status_code == 200


def test_staff_do_not_handle_their_own():
    here = scenes.scene()
    own = scenes.ordered(here, subject=here.worker.person, asker=here.worker.person)
    assert not access.may_handle(here.worker, own)
    assert access.may_handle(worlds.head(here.community), own)
    serving_worker = worlds.volunteer(here.community, user=here.worker)
    wish = scenes.dispatched(here)
    serving.claim(wish=wish, volunteer=serving_worker, actor=here.worker, at=clock.now())
    assert access.may_handle(here.worker, wish)
    assert not access.may_stand_in(here.worker, wish)
    client = worlds.client_for(here.worker)
    url = reverse("admin:wishes_wish_act", args=[wish.pk, "complete"])
    assert client.post(url, {"once": "q" * 24, "minutes": 60, "note": "好了"}).status_code == 403
    applied = worlds.volunteer(here.community, user=worlds.head(here.community), active=False)
    client = worlds.client_for(applied.person.user)
    accept = reverse("admin:volunteers_volunteer_act", args=[applied.pk, "accept"])
    assert client.post(accept, {"once": "r" * 24}).status_code == 403


def test_a_suspension_or_a_clearance_taken_back_counts_at_the_claim():
    here = scenes.scene()
    wish = scenes.dispatched(here)
    stale = here.volunteer
    type(stale).objects.filter(pk=stale.pk).update(homes_cleared_on=None)
    with pytest.raises(MoveRefused):
        serving.claim(wish=wish, volunteer=stale, actor=here.helper, at=clock.now())
    type(stale).objects.filter(pk=stale.pk).update(homes_cleared_on=clock.today(), state="suspended")
    with pytest.raises(MoveRefused):
        serving.claim(wish=wish, volunteer=stale, actor=here.helper, at=clock.now())
    assert not Wish.objects.offered_to(type(stale).objects.get(pk=stale.pk)).exists()


def test_a_stale_page_cannot_give_back_what_was_given_to_another():
    here = scenes.scene()
    wish = scenes.claimed(here)
    stale = Wish.objects.get(pk=wish.pk)
    later = clock.now() + dt.timedelta(minutes=1)
    other = worlds.volunteer(here.community)
    serving.give_back(wish=wish, reason="出差", actor=here.helper, at=later)
    serving.dispatch(wish=wish, to="named", volunteer=other, actor=here.worker, at=later + dt.timedelta(minutes=1))
    serving.claim(wish=wish, volunteer=other, actor=other.person.user, at=later + dt.timedelta(minutes=2))
    with pytest.raises(MoveRefused):
        serving.give_back(wish=stale, reason="有事", actor=here.helper, at=later + dt.timedelta(minutes=3))
    with pytest.raises(MoveRefused):
        serving.complete(wish=stale, minutes=60, note="好", actor=here.helper, at=later + dt.timedelta(minutes=3))
    wish.refresh_from_db()
    assert wish.volunteer == other


def test_a_withdrawn_wish_shows_its_volunteer_nothing_typed():
    here = scenes.scene()
    wish = scenes.claimed(here, details="膝盖不好走不动")
    assert "膝盖不好走不动" in page(here.helper, wish).content.decode()
    ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
    assert "膝盖不好走不动" not in page(here.helper, wish).content.decode()


def test_each_move_names_the_one_who_made_it_and_each_reader_hears_their_own_term():
    here = scenes.scene()
    first, second = here.volunteer, worlds.volunteer(here.community)
    wish = scenes.claimed(here)
    at = clock.now() + dt.timedelta(minutes=1)
    serving.give_back(wish=wish, reason="出差", actor=here.helper, at=at)
    serving.dispatch(wish=wish, to="pool", actor=here.worker, at=at + dt.timedelta(minutes=1))
    user = second.person.user
    serving.claim(wish=wish, volunteer=second, actor=user, at=at + dt.timedelta(minutes=2))
    said = [step.who for step in timeline(wish, "requester", here.asker) if step.who.startswith("志愿者")]
    names = [f"志愿者 {who.person.name_masked}" for who in (first, first, second)]
    assert said == names
    assert due_text(wish, "volunteer").startswith("请于")
    assert due_text(wish, "requester").startswith("志愿者会在")
    assert not any(step.who == names[0] for step in timeline(wish, "public", AnonymousUser()))


def test_everyone_concerned_is_told():
    here = scenes.scene()

    def told(person):
        return [notice.title for notice in Notice.objects.filter(person=person).order_by("id")]

    member, paused = worlds.volunteer(here.community), worlds.volunteer(here.community)
    team = worlds.team(here.community, member, paused)
    type(paused).objects.filter(pk=paused.pk).update(state="suspended")
    wish = scenes.dispatched(here, to="team", team=team)
    assert told(member.person) and not told(paused.person)
    serving.recall(wish=wish, reason="换人", actor=here.worker, at=clock.now())
    assert told(member.person)[-1] == "一张心愿单收回了，社区会另行安排。"
    assert told(here.asker.person)[-1] == "您的心愿正在另找志愿者。"
    taken = scenes.claimed(here)
    serving.give_back(wish=taken, reason="病了", actor=here.worker, at=clock.now(), part="staff")
    assert told(here.volunteer.person)[-1] == "社区替您退了一张心愿单，不用再去了。"
    done = scenes.completed(here)
    closing.auto_close(at=clock.now() + dt.timedelta(days=9))
    done.refresh_from_db()
    assert told(here.volunteer.person)[-1] == "您服务的心愿办结了，时长已记上。"
    assert told(here.asker.person)[-1] == "您的心愿办结了。"


def test_what_becomes_a_thing_keeps_the_rules_for_things():
    here = scenes.scene()
    approve = {
        "title": "收音机",
        "alias": "邻居",
        "actor": here.worker,
        "at": clock.now(),
        "kind": scenes.kind("thing"),
    }
    first, second = scenes.ordered(here), scenes.ordered(here)
    with pytest.raises(ValidationError) as unpriced:
        ordering.approve(wish=first, **approve)
    assert "price" in unpriced.value.message_dict
    ordering.approve(wish=first, price_fen=10000, **approve)
    assert (first.kind.slug, first.price_fen) == ("thing", 10000)
    with pytest.raises(ValidationError) as another:
        ordering.approve(wish=second, price_fen=10000, **approve)
    assert "kind" in another.value.message_dict
    for price in (0, -500):
        with pytest.raises(ValidationError):
            scenes.ordered(scenes.scene("向阳社区"), slug="thing", price_fen=price)


def test_an_id_number_is_taken_in_by_no_way():
    with pytest.raises(ValidationError) as refused:
        scenes.ordered(scenes.scene(), details="证件 11010519491231002X")
    assert "details" in refused.value.message_dict


def test_a_household_of_elsewhere_is_refused():
    here = scenes.scene()
    home = worlds.household(worlds.building(worlds.community("向阳社区")))
    with pytest.raises(ValidationError) as refused:
        scenes.ordered(here, household=home)
    assert "household" in refused.value.message_dict


def test_the_paper_is_for_the_desk_and_the_requester_and_each_look_is_recorded():
    here = scenes.scene()
    desk = worlds.client_for(here.worker)
    person = here.asker.person
    desk.post(reverse("admin:wishes_wish_add"), {**entry(here, person), "paper": picture()})
    wish = Wish.objects.get()
    url = reverse("core:file", args=[wish.scan_id])
    assert worlds.client_for(worlds.supervisor(here.community)).get(url).status_code == 404
    assert worlds.client_for(here.asker).get(url).status_code == 200
    assert not ContactReveal.objects.exists()
    assert desk.get(url).status_code == 200
    assert ContactReveal.objects.get(wish=wish).viewer == here.worker


def test_escalation_is_not_held_up_by_communities_without_a_head(monkeypatch):
    monkeypatch.setattr(closing, "BATCH", 3)
    headless, here = scenes.scene("向阳社区"), scenes.scene()
    head = worlds.head(here.community)
    at = clock.now() - dt.timedelta(days=30)
    for _number in range(4):
        scenes.ordered(headless, at=at - dt.timedelta(days=1))
    scenes.ordered(here, at=at)
    assert closing.escalate(at=clock.now()) == 1
    assert Notice.objects.filter(person=head.person).count() == 1


def test_who_has_a_wish_in_hand_does_not_leave():
    here = scenes.scene()
    wish = scenes.claimed(here)
    with pytest.raises(MoveRefused):
        joining.leave(volunteer=here.volunteer, actor=here.helper, at=clock.now())
    assert here.volunteer.state == "active", "a refused move leaves the record in memory as it was"
    client = worlds.client_for(here.helper)
    answer = client.post(reverse("volunteers:leave"))
    assert answer.status_code == 409 and "手上还有没办完的单子" in answer.content.decode()
    serving.give_back(wish=wish, reason="搬家", actor=here.helper, at=clock.now() + dt.timedelta(minutes=1))
    assert client.get(reverse("volunteers:leave")).status_code == 200
    assert client.post(reverse("volunteers:leave"))["Location"] == reverse("volunteers:me")
    here.volunteer.refresh_from_db()
    assert here.volunteer.state == "left"
