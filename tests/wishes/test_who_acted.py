"""Who acted on a wish and for whom: true on the timeline and in the messages of everyone who reads them."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from portal.core import clock
from portal.notices.models import Notice
from portal.people.models import Authorisation, Guardianship
from services.wishes import closing, ordering, serving, speaking
from services.wishes.access import audience
from services.wishes.timeline import timeline
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A community with an elder who has an account, and the niece who acts for him."""
    made = scenes.scene()
    made.elder = worlds.account(made.community, person=worlds.person(made.community, name="周大寒", sex="male"))
    made.niece = worlds.account(made.community, name="周小寒")
    made.nephew = worlds.account(made.community, name="周立春")
    for agent, relation in ((made.niece, "外甥女"), (made.nephew, "侄子")):
        Authorisation.objects.create(
            principal=made.elder.person,
            agent=agent.person,
            relation=relation,
            since=clock.today(),
            recorded_by=made.worker,
        )
    return made


def by_niece(here, **fields):
    return scenes.ordered(
        here,
        **{
            "subject": here.elder.person,
            "asker": here.niece.person,
            "actor": here.niece,
            "actor_part": "relative",
            **fields,
        },
    )


def at_desk(here, **fields):
    desk = {"actor": here.worker, "actor_part": "staff", "typist": here.worker}
    return scenes.ordered(here, **{"subject": here.elder.person, **desk, **fields})


def said(wish, viewer) -> list[str]:
    return [step.who for step in timeline(wish, audience(viewer, wish), viewer) if step.at]


def told(user) -> list[str]:
    return [notice.body for notice in Notice.objects.filter(person=user.person).order_by("id")]


def test_what_a_relative_ordered_names_her_to_each_reader_as_they_may_know_her(here):
    wish = by_niece(here)
    ordering.approve(wish=wish, title="换一盏灯", alias="周爷爷", actor=here.worker, at=clock.now())
    assert said(wish, here.niece) == ["您", "社区工作者"]
    assert said(wish, here.elder) == ["您的外甥女 周**", "社区工作者"]
    assert said(wish, here.nephew) == ["周大寒的外甥女 周**", "社区工作者"]
    assert said(wish, here.worker) == ["代办人 周**（外甥女）", "社区工作者"]
    for stranger in (here.asker, AnonymousUser()):
        assert said(wish, stranger) == ["代办人", "社区工作者"]


def test_what_one_did_oneself_is_ones_own_and_for_those_who_act_it_is_his(here):
    wish = scenes.ordered(here, subject=here.elder.person, asker=here.elder.person, actor=here.elder)
    ordering.withdraw(wish=wish, actor=here.niece, actor_part="relative", at=clock.now())
    assert said(wish, here.elder) == ["您", "您的外甥女 周**"]
    assert said(wish, here.niece) == ["周大寒本人", "您"]
    assert said(wish, here.worker) == ["居民本人", "代办人 周**（外甥女）"]


def test_what_the_desk_typed_says_for_whom(here):
    own = at_desk(here, asker=here.elder.person)
    assert said(own, here.elder) == ["社区代您"]
    assert said(own, here.niece) == ["社区代周大寒"]
    assert said(own, here.worker) == ["社区工作者（替居民本人录入）"]
    hers = at_desk(here, asker=here.niece.person)
    assert said(hers, here.elder) == ["您的外甥女 周**（社区录入）"]
    assert said(hers, here.niece) == ["社区代您"]
    assert said(hers, here.nephew) == ["周大寒的外甥女 周**（社区录入）"]
    ordering.withdraw(wish=hers, actor=here.worker, actor_part="staff", at=clock.now())
    assert said(hers, here.elder)[-1] == "社区代您"
    assert said(hers, here.niece)[-1] == "社区代周大寒"


def test_a_guardian_and_a_relation_that_has_ended(here):
    born = clock.today().replace(month=1, day=1) - dt.timedelta(days=16 * 365)
    child = worlds.person(here.community, name="周豆豆", birth_date=born)
    Guardianship.objects.create(child=child, guardian=here.niece.person, relation="母亲", since=clock.today())
    wish = scenes.ordered(
        here, subject=child, asker=here.niece.person, actor=here.niece, actor_part="guardian", slug="errand"
    )
    assert said(wish, here.niece) == ["您"]
    assert said(wish, here.worker) == ["监护人 周**（母亲）"]
    hers = by_niece(here)
    Authorisation.objects.filter(agent=here.niece.person).update(until=clock.today())
    assert said(hers, here.elder) == ["您的外甥女 周**"]
    Authorisation.objects.filter(agent=here.niece.person).delete()
    assert said(hers, here.elder) == ["您的代办人 周**"]


def test_the_volunteer_is_named_to_those_it_concerns_and_reads_no_name_of_theirs(here):
    wish = by_niece(here)
    ordering.approve(wish=wish, title="换一盏灯", alias="周爷爷", actor=here.worker, at=clock.now())
    serving.dispatch(wish=wish, to="pool", actor=here.worker, at=clock.now())
    serving.claim(wish=wish, volunteer=here.volunteer, actor=here.helper, at=clock.now())
    named = f"志愿者 {here.volunteer.person.name_masked}"
    assert said(wish, here.elder)[-1] == said(wish, here.niece)[-1] == said(wish, here.worker)[-1] == named
    assert said(wish, here.helper) == ["代办人", "社区工作者", "社区工作者", "您"]
    assert said(wish, here.asker)[-1] == "志愿者"


def test_the_page_says_it(here):
    wish = by_niece(here)
    page = worlds.client_for(here.elder).get(reverse("wishes:detail", args=[wish.code])).content.decode()
    assert "您的外甥女 周**" in page and "周小寒" not in page


# Messages ------------------------------------------------------------------------------------------------------------


def spaced(wish) -> str:
    return f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}"


def test_a_message_names_kind_number_for_whom_and_who_acted(here):
    wish = by_niece(here)
    assert told(here.elder) == [f"维修，单号 {spaced(wish)}，外甥女 周小寒 替您提的"]
    assert told(here.niece) == [f"维修，单号 {spaced(wish)}，给周大寒（您替他办的）"]
    ordering.approve(wish=wish, title="换一盏灯", alias="周爷爷", actor=here.worker, at=clock.now())
    assert told(here.elder)[-1] == f"维修“换一盏灯”，单号 {spaced(wish)}，外甥女 周小寒 替您提的"
    own = scenes.ordered(here)
    assert told(here.asker) == [f"维修，单号 {spaced(own)}"]
    typed = at_desk(here, asker=here.elder.person)
    assert told(here.elder)[-1] == f"维修，单号 {spaced(typed)}，社区替您录入的"


def test_why_it_was_not_accepted_stands_beside_which_it_is(here):
    wish = scenes.ordered(here)
    ordering.decline(wish=wish, reason="要找物业", actor=here.worker, at=clock.now())
    assert told(here.asker)[-1] == f"维修，单号 {spaced(wish)}。原因：要找物业"


def test_two_wishes_are_told_apart_on_the_list_and_no_title_holds_anything_of_them(here):
    first, second = by_niece(here), by_niece(here, slug="errand")
    page = worlds.client_for(here.elder).get("/messages/").content.decode()
    rows = re.findall(r'<p class="row__note">(.*?)</p>', page)
    assert len(set(rows)) == 2
    assert any(spaced(first) in row for row in rows) and any(spaced(second) in row for row in rows)
    for title in Notice.objects.all():
        assert not any(char.isdigit() for char in title.title)
        assert "周" not in title.title and "维修" not in title.title


def test_whom_it_is_for_hears_who_took_it_back_or_rated_it_and_who_did_hears_nothing(here):
    wish = by_niece(here)
    before = len(told(here.niece))
    ordering.withdraw(wish=wish, actor=here.niece, actor_part="relative", at=clock.now())
    assert told(here.elder)[-1] == f"维修，单号 {spaced(wish)}，外甥女 周小寒 替您撤回的"
    assert len(told(here.niece)) == before
    done = scenes.completed(here, subject=here.elder.person, asker=here.elder.person, actor=here.elder)
    closing.rate(wish=done, stars=5, comment="", actor=here.niece, actor_part="relative", at=clock.now())
    assert told(here.elder)[-1].endswith("外甥女 周小寒 替您评的")
    assert Notice.objects.filter(person=here.elder.person).latest("id").title == "您的心愿评过了，办结了。"
    other = by_niece(here, at=clock.now() - dt.timedelta(minutes=1))
    ordering.withdraw(wish=other, actor=here.elder, actor_part="requester", at=clock.now())
    assert told(here.niece)[-1] == f"维修，单号 {spaced(other)}，给周大寒（您替他办的）"


def test_somebody_who_only_came_to_the_desk_is_named_no_further(here):
    neighbour = worlds.person(here.community, name="何霜降")
    wish = scenes.ordered(here, subject=here.elder.person, asker=here.elder.person, actor=here.elder)
    words = speaking.told(wish, here.elder.person, did="提", actor=neighbour, at=clock.now())
    assert words.endswith("何** 替您提的")


# The confirmation ----------------------------------------------------------------------------------------------------


def done_page(user, wish) -> str:
    page = worlds.client_for(user).get(reverse("wishes:done", args=[wish.code, "ordered"])).content.decode()
    return re.sub(r'<span class="nowrap">(.*?)</span>', r"\1", page)


def test_the_confirmation_says_whose_telephone_will_ring(here):
    his = by_niece(here, contact_name="周大寒", contact_phone=here.elder.phone)
    assert f"会打 154****{here.elder.phone[-4:]}，找周大寒。" in done_page(here.niece, his)
    hers = by_niece(here, contact_name="周小寒", contact_phone=here.niece.phone)
    assert f"会打您的电话 154****{here.niece.phone[-4:]}。" in done_page(here.niece, hers)
    type(hers).objects.filter(pk=hers.pk).update(contact_phone="")
    assert "打电话约时间。" in done_page(here.niece, hers)
