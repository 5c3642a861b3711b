"""Ordering for a child under 14: its guardian agrees first, at the first step, by itself and never with the order."""

import dataclasses

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core import clock
from portal.core.masking import mask_name
from portal.core.registries import purposes
from portal.people import consenting
from portal.people.consenting import CHILD_PURPOSE, Standing
from portal.people.models import Authorisation, Channel, ConsentRecord, Guardianship
from services.wishes import ordering
from services.wishes.models import Wish, WishState
from tests import worlds

from . import scenes
from .test_pages import CONTACT, DETAILS, agreed, step, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return scenes.scene()


@pytest.fixture
def child(here):
    made = worlds.person(here.community, name="小豆", birth_date=clock.today().replace(year=2020, day=1))
    Guardianship.objects.create(child=made, guardian=here.asker.person, relation="母亲", since=made.birth_date)
    return made


def agree(client, child, **more):
    version = purposes[CHILD_PURPOSE].consent.version
    return client.post(step(1), {"act": "agree", "child": child.pk, "version": version, **more})


def choose(client, child):
    return client.post(step(1), {"kind": "company", "subject": child.pk})


def test_the_guardian_is_told_at_the_first_step_and_agrees_there_and_the_order_goes_on(here, child):
    client = worlds.client_for(here.asker)
    told = choose(client, child)
    assert told.status_code == 422
    page = text(told)
    assert "小豆不满 14 周岁，要您以监护人的身份单独同意" in page
    assert str(purposes[CHILD_PURPOSE].consent.text) in page and "我是小豆的监护人，我同意" in page
    assert "checked" not in page.split('name="agree"')[1].split(">")[0], "nobody ticks it beforehand"
    assert client.get(step(3)).url == step(1) == client.get(reverse("wishes:order")).url
    assert not ConsentRecord.objects.exists()
    assert agree(client, child, agree="on").url == step(2), "the draft was kept"
    row = ConsentRecord.objects.get()
    assert (row.person, row.guardian, row.channel) == (child, here.asker.person, Channel.ONLINE)
    assert client.post(step(2), DETAILS).url == step(3)
    assert client.post(step(3), {**CONTACT, "once": "c" * 32}).status_code == 302
    assert Wish.objects.get().subject == child
    agree(client, child, agree="on")
    assert ConsentRecord.objects.count() == 1


def test_it_is_never_part_of_sending_the_step(here, child):
    client = worlds.client_for(here.asker)
    version = purposes[CHILD_PURPOSE].consent.version
    bundled = {"kind": "company", "subject": child.pk, "agree": "on", "child": child.pk, "version": version}
    assert client.post(step(1), bundled).status_code == 422
    assert not ConsentRecord.objects.exists()


def test_without_the_box_ticked_nothing_is_written(here, child):
    client = worlds.client_for(here.asker)
    choose(client, child)
    answer = agree(client, child)
    assert answer.status_code == 422 and "请先在这一句前面打勾" in text(answer)
    assert "我是小豆的监护人，我同意" in text(answer) and not ConsentRecord.objects.exists()


def test_words_that_changed_meanwhile_are_shown_anew(here, child):
    client = worlds.client_for(here.asker)
    choose(client, child)
    answer = client.post(
        step(1), {"act": "agree", "child": child.pk, "version": "2020-01-a", "agree": "on"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == step(1) and "文字刚刚更新了" in text(answer)
    assert not ConsentRecord.objects.exists()


def test_a_relative_is_told_who_must_agree_and_cannot_agree_himself(here, child):
    relative = worlds.account(here.community)
    Authorisation.objects.create(
        principal=child, agent=relative.person, relation="舅舅", since=clock.today(), recorded_by=here.worker
    )
    client = worlds.client_for(relative)
    told = choose(client, child)
    assert told.status_code == 422
    assert f"要监护人（{mask_name(here.asker.person.name)}）先同意" in text(told)
    assert 'name="agree"' not in text(told)
    agree(client, child, agree="on")
    assert not ConsentRecord.objects.exists()
    assert agree(worlds.client_for(worlds.account(here.community)), child, agree="on").status_code == 422


def test_a_child_that_signs_in_is_told_too(here, child):
    own = worlds.client_for(worlds.account(person=child))
    told = own.post(step(1), {"kind": "company"})
    assert told.status_code == 422 and "监护人" in text(told) and 'name="agree"' not in text(told)


@pytest.mark.parametrize("standing", [Standing.NEVER, Standing.OUTDATED, Standing.WITHDRAWN])
def test_the_act_begins_nothing_new_however_the_consent_falls_short(here, child, standing, monkeypatch):
    if standing != Standing.NEVER:
        agreed(child, here.asker.person)
    running = scenes.ordered(here, subject=child) if standing != Standing.NEVER else None
    if standing == Standing.WITHDRAWN:
        said = {"purpose": CHILD_PURPOSE, "channel": Channel.ONLINE, "at": clock.now()}
        consenting.withdraw(person=child, guardian=here.asker.person, **said)
    if standing == Standing.OUTDATED:
        purpose = purposes[CHILD_PURPOSE]
        newer = dataclasses.replace(purpose, consent=dataclasses.replace(purpose.consent, version="2030-01-a"))
        monkeypatch.setitem(purposes._entries, CHILD_PURPOSE, newer)
    assert consenting.missing(child, clock.today()) == standing
    with pytest.raises(ValidationError, match="同意"):
        scenes.ordered(here, subject=child)
    if running is not None:
        ordering.approve(wish=running, title="陪着写作业", alias="三栋同学", actor=here.worker, at=clock.now())
        assert running.state == WishState.PENDING_DISPATCH, "what runs already goes on"


def test_from_fourteen_on_nobody_else_is_asked(here, child):
    type(child).objects.filter(pk=child.pk).update(birth_date=clock.today().replace(year=2010, day=1))
    child.refresh_from_db()
    assert consenting.missing(child, clock.today()) is None
    assert choose(worlds.client_for(here.asker), child).url == step(2)
