"""Rules of the wishes, act by act."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from alliance.volunteers import hours, joining
from alliance.volunteers.models import HourEntry
from portal.core import clock, files, schedule
from portal.core.models import AuditEntry, Remark
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people.entrusting import record_authorisation
from portal.places.overrides import set_option
from services.wishes import closing, erasing, ordering, serving
from services.wishes.models import ContactReveal, Wish, WishKind, WishState
from services.wishes.readers import SCAN
from tests import worlds
from tests.entrusted import entrusted

from . import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def titles(person) -> list[str]:
    return [notice.title for notice in Notice.objects.filter(person=person).order_by("id")]


def test_each_step_tells_the_requester_and_the_volunteer():
    here = scenes.scene()
    scenes.closed(here)
    assert titles(here.asker.person) == [
        "您的心愿收到了，社区正在审核。",
        "社区答应帮您办，正在找志愿者。",
        "有志愿者来帮您了，会和您联系。",
        "志愿者说办好了，请您评一评。",
    ]
    assert titles(here.volunteer.person) == ["您服务的心愿办结了，时长已记上。"]


def test_a_declined_wish_tells_its_reason_to_the_requester_alone():
    here = scenes.scene()
    wish = scenes.ordered(here)
    with pytest.raises(MoveRefused):
        ordering.decline(wish=wish, reason="  ", actor=here.worker, at=clock.now())
    ordering.decline(wish=wish, reason="请先到民政窗口登记", actor=here.worker, at=clock.now())
    assert wish.transitions().last().remark.text == "请先到民政窗口登记"
    stranger = worlds.account(here.community)
    assert not Wish.objects.visible_to(stranger).filter(pk=wish.pk).exists()
    assert Wish.objects.visible_to(here.asker).filter(pk=wish.pk).exists()


def test_a_thing_has_a_price_within_the_limit_and_a_household_one_at_a_time():
    here = scenes.scene()
    with pytest.raises(ValidationError) as missing:
        scenes.ordered(here, slug="thing")
    assert "price" in missing.value.message_dict
    with pytest.raises(ValidationError) as dear:
        scenes.ordered(here, slug="thing", price_fen=50001)
    assert dear.value.message_dict["price"] == ["物品心愿不超过 500 元，这个价钱超过了。更贵的东西，请到社区窗口商量。"]
    first = scenes.ordered(here, slug="thing", price_fen=50000)
    with pytest.raises(ValidationError) as second:
        scenes.ordered(here, slug="thing", price_fen=100)
    assert "kind" in second.value.message_dict
    ordering.withdraw(wish=first, actor=here.asker, actor_part="requester", at=clock.now())
    scenes.ordered(here, slug="thing", price_fen=100)


def test_a_community_changes_limit_and_terms_without_code():
    here = scenes.scene()
    set_option(area=here.community, key="wishes.price_limit_yuan", value=800, actor_id=None)
    set_option(area=here.community.parent, key="wishes.review_days", value=5, actor_id=None)
    wish = scenes.ordered(here, slug="thing", price_fen=70000)
    assert wish.due_on == clock.due_on(wish.created_at, 5)


@pytest.mark.parametrize("slug", ["repair", "tutoring"])
def test_homes_and_minors_need_a_cleared_volunteer(slug):
    here = scenes.scene()
    bare = worlds.volunteer(here.community, cleared=False)
    wish = scenes.approved(here, slug=slug)
    with pytest.raises(ValidationError) as refused:
        serving.dispatch(wish=wish, to="named", volunteer=bare, actor=here.worker, at=clock.now())
    assert "volunteer" in refused.value.message_dict
    serving.dispatch(wish=wish, to="pool", actor=here.worker, at=clock.now())
    with pytest.raises(MoveRefused, match="许可"):
        serving.claim(wish=wish, volunteer=bare, actor=bare.person.user, at=clock.now())
    assert not Wish.objects.offered_to(bare).exists()


def test_a_wish_goes_to_whom_it_was_sent_and_to_nobody_else():
    here = scenes.scene()
    other, member = worlds.volunteer(here.community), worlds.volunteer(here.community)
    team = worlds.team(here.community, member)
    named = scenes.dispatched(here, to="named", volunteer=here.volunteer)
    for_team = scenes.dispatched(here, to="team", team=team)
    assert list(Wish.objects.offered_to(here.volunteer)) == [named]
    assert list(Wish.objects.offered_to(member)) == [for_team]
    assert not Wish.objects.offered_to(other).exists()
    with pytest.raises(MoveRefused, match="派给了别人"):
        serving.claim(wish=named, volunteer=other, actor=other.person.user, at=clock.now())
    away = worlds.volunteer(worlds.community("向阳社区"))
    pool = scenes.dispatched(here)
    assert not Wish.objects.offered_to(away).exists()
    with pytest.raises(ValidationError):
        serving.dispatch(wish=scenes.approved(here), to="named", volunteer=away, actor=here.worker, at=clock.now())
    assert pool.dispatch == "pool"


def test_nobody_serves_their_own_wish():
    here = scenes.scene()
    own = worlds.volunteer(here.community, user=here.asker)
    wish = scenes.dispatched(here)
    with pytest.raises(MoveRefused, match="自己提的心愿"):
        serving.claim(wish=wish, volunteer=own, actor=here.asker, at=clock.now())


def test_who_is_suspended_at_that_moment_reads_so():
    here = scenes.scene()
    wish = scenes.dispatched(here)
    joining.pause(volunteer=here.volunteer, paused=True, actor=here.worker, at=clock.now(), reason="休假")
    with pytest.raises(MoveRefused, match="暂停服务"):
        serving.claim(wish=wish, volunteer=here.volunteer, actor=here.helper, at=clock.now())


def test_the_second_of_two_volunteers_reads_that_somebody_was_faster():
    here = scenes.scene()
    wish = scenes.claimed(here)
    late = worlds.volunteer(here.community)
    with pytest.raises(MoveRefused, match="手慢了一步"):
        serving.claim(wish=wish, volunteer=late, actor=late.person.user, at=clock.now())


def test_returning_hands_the_wish_back_clean():
    here = scenes.scene()
    wish = scenes.claimed(here)
    serving.give_back(wish=wish, reason="出差", actor=here.helper, at=clock.now())
    wish.refresh_from_db()
    assert (wish.state, wish.volunteer, wish.dispatch) == (WishState.PENDING_DISPATCH, None, "")
    assert titles(here.asker.person)[-1] == "志愿者有事来不了，社区正在另找人。"
    serving.dispatch(wish=wish, to="named", volunteer=here.volunteer, actor=here.worker, at=clock.now())
    serving.refuse(wish=wish, volunteer=here.volunteer, reason="没空", actor=here.helper, at=clock.now())
    assert wish.state == WishState.PENDING_DISPATCH


def test_only_the_named_volunteer_refuses():
    here = scenes.scene()
    wish = scenes.dispatched(here)
    with pytest.raises(MoveRefused):
        serving.refuse(wish=wish, volunteer=here.volunteer, reason="没空", actor=here.helper, at=clock.now())


@pytest.mark.parametrize(
    "minutes,halves", [(0, 0), (1, 1), (29, 1), (30, 2), (60, 2), (61, 3), (89, 3), (90, 4), (120, 4)]
)
def test_hours_are_rounded_by_the_rule(minutes, halves):
    assert hours.half_hours_of(minutes) == halves


def test_hours_count_at_closing_and_once():
    here = scenes.scene()
    wish = scenes.completed(here, minutes=70)
    assert not HourEntry.objects.exists()
    closing.rate(wish=wish, stars=5, comment="", actor=here.asker, actor_part="requester", at=clock.now())
    entry = HourEntry.objects.get()
    assert (entry.volunteer, entry.minutes, entry.half_hours) == (here.volunteer, 70, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        hours.credit(volunteer=here.volunteer, minutes=70, source=wish, actor_id=None, at=clock.now())
    hours.reverse(entry=entry, actor_id=None, at=clock.now())
    assert here.volunteer.hours.total() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        hours.reverse(entry=entry, actor_id=None, at=clock.now())


def test_an_unrated_wish_closes_after_seven_days_and_not_before():
    here = scenes.scene()
    at = clock.now()
    wish = scenes.completed(here, at=at)
    assert closing.auto_close(at=at + dt.timedelta(days=7)) == 0
    assert closing.auto_close(at=at + dt.timedelta(days=8)) == 1
    assert closing.auto_close(at=at + dt.timedelta(days=8)) == 0
    wish.refresh_from_db()
    assert wish.state == WishState.CLOSED and wish.rating is None
    assert HourEntry.objects.count() == 1
    assert wish.transitions().last().actor_id is None


def test_a_late_wish_goes_to_the_head_once_a_state():
    here = scenes.scene()
    at = clock.now()
    wish = scenes.ordered(here, at=at)
    assert closing.escalate(at=at + dt.timedelta(days=3)) == 0, "nobody to tell: it stays to be told"
    head = worlds.head(here.community)
    elsewhere = worlds.head(worlds.community("向阳社区"))
    assert closing.escalate(at=at + dt.timedelta(days=2)) == 0, "the second day still belongs to the term"
    assert closing.escalate(at=at + dt.timedelta(days=3)) == 1
    assert closing.escalate(at=at + dt.timedelta(days=4)) == 0
    assert titles(head.person) == ["有一张心愿单超过了期限，请过问。"]
    assert not titles(elsewhere.person)
    wish.refresh_from_db()
    ordering.approve(wish=wish, title="修灯", alias="邻居", actor=here.worker, at=at + dt.timedelta(days=4))
    wish.refresh_from_db()
    assert wish.escalated_on is None
    assert closing.escalate(at=at + dt.timedelta(days=7)) == 1


def test_every_look_at_the_contact_is_recorded():
    here = scenes.scene()
    wish = scenes.claimed(here)
    serving.reveal_contact(wish=wish, actor=here.helper, part="volunteer", at=clock.now())
    serving.reveal_contact(wish=wish, actor=here.worker, part="staff", at=clock.now(), reason="核实地址")
    assert ContactReveal.objects.filter(wish=wish).count() == 2
    entries = AuditEntry.objects.filter(verb="wish.contact_revealed")
    assert entries.count() == 2
    assert all(set(entry.details) == {"part"} for entry in entries)
    assert Remark.objects.get(audit_entry__verb="wish.contact_revealed").text == "核实地址"


def test_personal_data_goes_when_its_time_is_over():
    here = scenes.scene()
    at = clock.now() - dt.timedelta(days=400)
    wish = scenes.ordered(here, at=at)
    ordering.decline(wish=wish, reason="请到窗口", actor=here.worker, at=at)
    serving.reveal_contact(wish=wish, actor=here.worker, part="staff", at=at, reason="核实住址")
    kept = scenes.closed(here)
    assert erasing.erase_due(at=at + dt.timedelta(days=365)) == 0
    assert erasing.erase_due(at=at + dt.timedelta(days=366)) == 1
    assert erasing.erase_due(at=at + dt.timedelta(days=366)) == 0
    wish = Wish.objects.get(pk=wish.pk)
    assert (wish.details, wish.contact_name, wish.contact_phone, wish.contact_address, wish.alias) == ("",) * 5
    assert not Remark.objects.filter(audit_entry__subject_id=wish.pk).exists()
    assert not Notice.objects.filter(url=f"/wishes/{wish.code}/").exists()
    assert Notice.objects.filter(url=f"/wishes/{kept.code}/").exists()
    assert not Remark.objects.filter(transition__in=wish.transitions()).exists()
    assert wish.transitions().count() == 2
    assert Wish.objects.get(pk=kept.pk).contact_phone


def test_the_erasing_task_walks_the_register():
    here = scenes.scene()
    at = clock.now() - dt.timedelta(days=400)
    wish = scenes.ordered(here, at=at)
    ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=at)
    schedule.declared()["core.erase"].run(clock.now())
    assert Wish.objects.get(pk=wish.pk).details == ""


def test_what_the_database_refuses_on_its_own():
    here = scenes.scene()
    wish = scenes.claimed(here)
    broken = [
        {"volunteer": None},
        {"title": ""},
        {"rating": 5},
        {"rating": 6},
        {"closed_at": clock.now()},
        {"dispatch": "named"},
        {"state": WishState.CLOSED, "closed_at": clock.now()},
        {"state": WishState.PENDING_CLAIM, "dispatch": "", "volunteer": None},
    ]
    for change in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Wish.objects.filter(pk=wish.pk).update(**change)


def test_the_seeded_kinds_have_exactly_one_thing():
    assert WishKind.objects.filter(is_thing=True).count() == 1


def test_a_strangers_word_at_the_desk_needs_paper_and_who_speaks_for_one_needs_none() -> None:
    here = scenes.scene()
    stranger, at = worlds.person(here.community), clock.now()
    typed = {
        "asker": stranger,
        "typist": here.worker,
        "actor": here.worker,
        "actor_part": "staff",
        "channel": "counter",
    }
    with pytest.raises(ValidationError) as refusal:
        scenes.ordered(here, **typed)
    assert "委托单" in str(refusal.value.message_dict["paper"])
    assert not Wish.objects.exists()
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    scan = files.store(upload=paper, kind=SCAN, owner_id=here.worker.pk, documents=True)
    assert scenes.ordered(here, scan=scan, **typed).asker == stranger
    record_authorisation(principal=here.asker.person, agent=stranger, **entrusted(here.worker, at=at))
    assert scenes.ordered(here, **typed).scan is None
