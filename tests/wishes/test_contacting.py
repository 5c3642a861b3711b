"""The contact of an open wish is put right by whom it belongs to, and what is said at the door proves who comes."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from services.wishes import ordering, serving
from services.wishes.contacting import correct_contact, visit_code
from services.wishes.models import Wish
from tests import worlds
from tests.worlds import client_for

from . import scenes

pytestmark = pytest.mark.django_db
NEW = {"contact_name": "李奶奶", "contact_phone": "15400000077", "contact_address": "5栋502"}


def page_of(wish: Wish, user, name: str = "wishes:detail") -> str:
    return client_for(user).get(reverse(name, args=[wish.code])).content.decode()


def told(person, words: str) -> list[Notice]:
    """The messages of ``person`` whose title holds ``words``."""
    return [notice for notice in Notice.objects.filter(person=person) if words in notice.title]


def url(wish: Wish) -> str:
    return reverse("wishes:correct_contact", args=[wish.code])


def correct(here: scenes.Scene, wish: Wish, **fields) -> bool:
    return correct_contact(wish=wish, actor=here.asker, actor_part="requester", at=clock.now(), **{**NEW, **fields})


def test_who_came_to_help_is_told_and_sees_the_new_number():
    here = scenes.scene()
    wish = scenes.claimed(here)
    old = wish.contact_phone
    serving.reveal_contact(wish=wish, actor=here.helper, part="volunteer", at=clock.now())
    answer = client_for(here.asker).post(url(wish), NEW, follow=True)
    assert "来帮忙的志愿者已经收到通知" in answer.content.decode()
    [notice] = told(here.helper.person, "改了联系方式")
    assert old not in notice.body and NEW["contact_phone"] not in notice.body
    shown = client_for(here.helper).post(reverse("wishes:contact", args=[wish.code])).content.decode()
    assert NEW["contact_phone"] in shown and NEW["contact_address"] in shown and old not in shown


def test_the_record_says_what_was_changed_and_not_to_what():
    here = scenes.scene()
    wish = scenes.ordered(here)
    assert correct(here, wish, contact_name=wish.contact_name)
    entry = AuditEntry.objects.get(verb="wish.contact_corrected")
    assert entry.details == {"fields": ["contact_phone", "contact_address"], "part": "requester"}
    assert not correct(here, wish, contact_name=wish.contact_name), "the second time nothing is new"
    assert AuditEntry.objects.filter(verb="wish.contact_corrected").count() == 1
    assert not told(here.asker.person, "联系方式改过了"), "who did it knows"


def test_whom_it_is_for_hears_that_another_changed_it():
    here = scenes.scene()
    wish = scenes.ordered(here)
    relative = worlds.account(here.community, name="陈小燕")
    correct_contact(wish=wish, actor=relative, actor_part="relative", at=clock.now(), **NEW)
    [notice] = told(here.asker.person, "联系方式改过了")
    assert "替您改的" in notice.body


@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_a_wish_at_an_end_keeps_what_it_has(state):
    here = scenes.scene()
    if state == "closed":
        wish = scenes.closed(here)
    else:
        wish = scenes.ordered(here)
        ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
    old = Wish.objects.get(pk=wish.pk).contact_phone
    with pytest.raises(MoveRefused):
        correct(here, wish)
    assert Wish.objects.get(pk=wish.pk).contact_phone == old
    client = client_for(here.asker)
    assert "联系方式不用改了" in client.get(url(wish), follow=True).content.decode()
    assert url(wish) not in page_of(wish, here.asker)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"contact_phone": "1234"}, "手机"),
        ({"contact_name": ""}, "怎么称呼"),
        ({"contact_address": ""}, "请写地址"),
        ({"contact_address": "430202194911230023"}, ""),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_typed(fields, said):
    here = scenes.scene()
    wish = scenes.ordered(here)
    with pytest.raises(ValidationError):
        correct(here, wish, **fields)
    answer = client_for(here.asker).post(url(wish), {**NEW, **fields})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Wish.objects.get(pk=wish.pk).contact_address == "2栋201"


def test_who_acts_for_another_keeps_the_phone_by_an_empty_box(monkeypatch):
    here = scenes.scene()
    wish = scenes.ordered(here)
    relative = worlds.account(here.community, name="陈小燕")
    monkeypatch.setattr("services.wishes.access.acts_for", lambda *_: "relative")
    monkeypatch.setattr("portal.people.access.parts_of", lambda _user: {wish.subject_id: "relative"})
    monkeypatch.setattr("services.wishes.querysets.parts_of", lambda _user: {wish.subject_id: "relative"})
    client = client_for(relative)
    form = client.get(url(wish)).content.decode()
    assert wish.contact_phone not in form and f"154****{wish.contact_phone[-4:]}" in form
    assert client.post(url(wish), {**NEW, "contact_phone": ""}).status_code == 302
    standing = Wish.objects.get(pk=wish.pk)
    assert (standing.contact_phone, standing.contact_address) == (wish.contact_phone, NEW["contact_address"])


# At the door ---------------------------------------------------------------------------------------------------------


def test_the_two_who_meet_read_one_code_and_nobody_else_does():
    here = scenes.scene()
    here.community.phone = "15400009901"
    here.community.save(update_fields=["phone"])
    wish = scenes.claimed(here)
    code = visit_code(wish)
    assert len(code) == 4 and code.isdigit()
    for user in (here.asker, here.helper):
        assert f">{code}<" in page_of(wish, user)
    assert "15400009901" in page_of(wish, here.asker).split('id="visit"')[1].split("</section>")[0]
    for user in (here.worker, worlds.account(here.community), None):
        assert "visit__code" not in page_of(wish, user)


def test_another_volunteer_says_another_code_and_an_end_has_none():
    here = scenes.scene()
    one = scenes.claimed(here)
    assert visit_code(scenes.dispatched(here)) == "" == visit_code(scenes.closed(here))
    first = visit_code(one)
    one.volunteer_id = one.volunteer_id + 1
    assert visit_code(one) != first
