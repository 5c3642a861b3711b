"""The page of a wish says to each of its readers what is true for them: the elder, who acts for them, the volunteer."""

import re

import pytest
from django.urls import reverse

from portal.core import clock
from portal.people.models import Authorisation, Guardianship
from services.wishes import closing, ordering
from services.wishes.contacting import visit_code
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A community with an elder who has an account, and the niece who acts for him."""
    made = scenes.scene()
    made.elder = worlds.account(made.community, person=worlds.person(made.community, name="周大寒", sex="male"))
    made.niece = worlds.account(made.community, name="周小寒")
    _acts_for(made, made.niece)
    return made


def _acts_for(here, agent) -> None:
    Authorisation.objects.create(
        principal=here.elder.person,
        agent=agent.person,
        relation="外甥女",
        since=clock.today(),
        recorded_by=here.worker,
    )


def _his(here, made=scenes.claimed, **fields):
    contact = {"contact_name": "周大寒", "contact_phone": here.elder.phone}
    return made(here, subject=here.elder.person, asker=here.elder.person, actor=here.elder, **{**contact, **fields})


def _page(user, wish) -> str:
    return worlds.client_for(user).get(reverse("wishes:detail", args=[wish.code])).content.decode()


def _card(user, wish, name: str) -> str:
    page = _page(user, wish)
    return page.split(f'id="{name}"')[1].split("</section>")[0] if f'id="{name}"' in page else ""


# Who comes, and who reads the code -----------------------------------------------------------------------------------


def test_the_code_is_shown_to_whom_its_sentence_names(here):
    wish = _his(here)
    alone = scenes.claimed(here)
    assert "只有您和这位志愿者看得到这个码" in _card(here.asker, alone, "visit")
    assert "只有您、能替您办事的 周**，和这位志愿者看得到这个码" in _card(here.elder, wish, "visit")
    niece = _card(here.niece, wish, "visit")
    assert "会来帮周大寒" in niece and "只有周大寒本人、您和这位志愿者看得到这个码" in niece
    nephew = worlds.account(here.community, name="吴立春")
    _acts_for(here, nephew)
    assert "能替您办事的 周**、吴**，和这位志愿者" in _card(here.elder, wish, "visit")
    assert "只有周大寒本人、您、同样能替周大寒办事的 吴**，和这位志愿者" in _card(here.niece, wish, "visit")
    assert "对方和替对方办事的人都看得到同一个码" in _card(here.helper, wish, "visit")
    assert "对方看得到同一个码" in _card(here.helper, alone, "visit")


def test_who_acts_no_more_is_not_named(here):
    Authorisation.objects.update(until=clock.today())
    wish = _his(here)
    assert "只有您和这位志愿者看得到这个码" in _card(here.elder, wish, "visit")
    assert "visit__code" not in _page(here.niece, wish)


def test_a_guardian_reads_for_the_child(here):
    child = worlds.account(here.community, person=worlds.person(here.community, name="周小豆"))
    Guardianship.objects.create(child=child.person, guardian=here.niece.person, relation="母亲", since=clock.today())
    wish = scenes.claimed(here)
    type(wish).objects.filter(pk=wish.pk).update(subject=child.person)
    assert "只有周小豆本人、您和这位志愿者" in _card(here.niece, wish, "visit")
    assert "能替您办事的 周**，和这位志愿者" in _card(child, wish, "visit")


def test_once_it_is_done_nobody_comes_any_more(here):
    wish = _his(here, scenes.completed)
    assert visit_code(wish) == ""
    for user, title in ((here.elder, "谁来帮的您"), (here.niece, "谁来帮的周大寒")):
        card = _card(user, wish, "visit")
        assert title in _page(user, wish) and "会来帮" not in card and "visit__code" not in card
        assert wish.volunteer.person.name_masked in card
    assert not _card(here.helper, wish, "visit")


# The telephone on the order ------------------------------------------------------------------------------------------


def test_who_goes_by_the_contact_depends_on_how_far_it_is(here):
    note = "来帮忙的志愿者照这个联系。"
    assert note in _card(here.elder, _his(here), "contact")
    withdrawn, declined = _his(here, scenes.approved), _his(here, scenes.ordered)
    ordering.withdraw(wish=withdrawn, actor=here.elder, actor_part="requester", at=clock.now())
    ordering.decline(wish=declined, reason="这次人手不够", actor=here.worker, at=clock.now())
    for wish in (withdrawn, declined):
        card = _card(here.elder, wish, "contact")
        assert note not in card and "不再办了，志愿者看不到" in card
    done = _card(here.elder, _his(here, scenes.closed), "contact")
    assert note not in done and "办结了，志愿者看不到了" in done


def test_whose_telephone_somebody_looked_at(here):
    his = _his(here)
    assert "谁看过我的电话" in _page(here.elder, his)
    assert "谁看过周大寒的电话" in _page(here.niece, his) and "谁看过我的电话" not in _page(here.niece, his)
    hers = _his(here, contact_name="周小寒", contact_phone=here.niece.phone)
    assert "谁看过我的电话" in _page(here.niece, hers)
    assert "谁看过周小寒的电话" in _page(here.elder, hers)
    landline = _his(here, contact_phone="02787654321")
    assert "谁看过我的电话" in _page(here.elder, landline), "left in his own name"


def test_who_rates_low_reads_whom_the_community_will_ring(here):
    def rated(user, part, **fields) -> str:
        wish = _his(here, scenes.completed, **fields)
        closing.rate(wish=wish, stars=1, comment="", actor=user, actor_part=part, at=clock.now())
        page = worlds.client_for(user).get(reverse("wishes:done", args=[wish.code, "rated"])).content.decode()
        return re.sub(r'<span class="nowrap">(.*?)</span>', r"\1", page)

    tail = here.elder.phone[-4:]
    assert f"社区会打 154****{tail}，找周大寒，问问哪里没办好。" in rated(here.niece, "relative")
    assert f"社区会打您的电话 154****{tail}，问问哪里没办好。" in rated(here.elder, "requester")
    hers = rated(here.niece, "relative", contact_name="周小寒", contact_phone=here.niece.phone)
    assert f"社区会打您的电话 154****{here.niece.phone[-4:]}" in hers


# What it is called, where it stands ----------------------------------------------------------------------------------


def test_before_review_it_is_called_by_its_own_words_for_who_may_read_them(here):
    wish = _his(here, scenes.ordered, details="灯管一闪一闪的，够不着，想请人换。")
    for user in (here.elder, here.niece, here.worker):
        assert re.search(r"<h1[^>]*>\s*维修：灯管一闪一闪的", _page(user, wish)), user
    listed = worlds.client_for(here.elder).get(reverse("wishes:mine")).content.decode()
    assert "维修：灯管一闪一闪的" in listed
    ordering.approve(wish=wish, title="换灯管", alias="周爷爷", actor=here.worker, at=clock.now())
    for user in (here.elder, None):
        assert re.search(r"<h1[^>]*>\s*换灯管\s*<", _page(user, wish))


def _current(user, path: str) -> list[str]:
    page = worlds.client_for(user).get(path).content.decode()
    links = re.findall(
        r'<a [^>]*aria-current="page"[^>]*>(.*?)</a>', page.split("<main")[0] + page.split("</main>")[1], re.S
    )
    return [re.sub(r"<[^>]+>", "", link).strip().split("\n")[0] for link in links]


def test_ones_own_wish_stands_under_mine_and_that_of_another_on_the_wall(here):
    wish = _his(here, scenes.approved)
    own = reverse("wishes:detail", args=[wish.code])
    for path in (own, reverse("wishes:mine"), reverse("wishes:withdraw", args=[wish.code])):
        assert _current(here.elder, path) == ["我的", "我的"], path
    assert _current(here.asker, own) == ["心愿墙"] == _current(None, reverse("wishes:wall"))
    assert _current(here.elder, reverse("wishes:order_step", args=[1])) == ["办事", "办事"]


def test_what_came_to_nothing_has_no_mark_of_success(here):
    wish = _his(here, scenes.approved)
    ordering.withdraw(wish=wish, actor=here.elder, actor_part="requester", at=clock.now())
    client = worlds.client_for(here.elder)
    stopped = client.get(reverse("wishes:done", args=[wish.code, "withdrawn"])).content.decode()
    assert "done__mark--plain" in stopped and "lucide-check" not in stopped.split("done__mark")[1].split("</span>")[0]
    rated = _his(here, scenes.completed)
    closing.rate(wish=rated, stars=5, comment="", actor=here.elder, actor_part="requester", at=clock.now())
    assert "done__mark--plain" not in client.get(reverse("wishes:done", args=[rated.code, "rated"])).content.decode()
