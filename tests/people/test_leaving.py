"""Closing one's account: refused while somebody waits, whole otherwise, and read signed out."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse

from alliance.volunteers.models import HourEntry, Volunteer
from portal.core import clock, drafts
from portal.core.models import AuditEntry, Draft
from portal.core.numbers import spaced
from portal.people import consenting, leaving, offices
from portal.people.models import Authorisation, Channel, ConsentRecord, Guardianship, Person, RoleKind, User
from services.wishes import serving
from tests import worlds
from tests.front.test_data import proven
from tests.wishes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_the_account_forgets_what_it_signed_in_with_and_the_number_is_free():
    home = worlds.community()
    user = worlds.account(home, email="lin@example.com", email_confirmed_at=clock.now())
    phone = str(user.phone)
    consenting.give(person=user.person, purpose="notices.sms", channel=Channel.ONLINE, at=clock.now())
    drafts.keep(owner_id=user.pk, form="wishes.order", data={"a": "b"}, at=clock.now())
    Authenticator.objects.create(user=user, type="totp", data={})
    leaving.leave(user=user, at=clock.now())
    user.refresh_from_db()
    assert (user.phone, user.phone_index, user.email, user.is_active) == (None, None, "", False)
    assert not user.has_usable_password() and user.closed_at is not None
    assert not (user.sms_notices or user.email_notices)
    assert not Draft.objects.exists() and not Authenticator.objects.exists()
    assert ConsentRecord.objects.filter(person=user.person, purpose="notices.sms").order_by("pk").last().act == (
        "withdrawn"
    )
    assert worlds.account(home, phone=phone).phone == phone
    with pytest.raises(ValidationError):
        leaving.leave(user=user, at=clock.now())


def test_the_account_is_locked_before_the_person(monkeypatch):
    user, taken = worlds.account(worlds.community()), []
    lock = QuerySet.select_for_update

    def noted(rows, *args, **how):
        taken.append(rows.model)
        return lock(rows, *args, **how)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    said = {"person": user.person, "purpose": "notices.sms", "channel": Channel.ONLINE, "at": clock.now()}
    for act in (
        lambda: consenting.give(**said),
        lambda: consenting.withdraw(**said),
        lambda: leaving.leave(user=user, at=clock.now()),
    ):
        taken.clear()
        act()
        assert taken.index(User) < taken.index(Person)


def test_who_has_left_is_no_administrator_and_gets_no_office_that_was_on_its_way():
    home = worlds.community()
    user = worlds.account(home)
    looked_at_before = User.objects.get(pk=user.pk)
    leaving.leave(user=user, at=clock.now())
    with pytest.raises(ValidationError, match="已经停用"):
        offices.grant_role(
            actor=worlds.administrator(),
            user=looked_at_before,
            area=home,
            kind=RoleKind.WORKER,
            at=clock.now(),
            reason="居委会决定",
        )
    user = User.objects.get(pk=user.pk)
    assert not (user.is_staff or user.is_superuser or user.roles.exists())


def test_every_session_ends():
    user = worlds.account(worlds.community())
    elsewhere = worlds.client_for(user)
    assert elsewhere.get("/me/").status_code == 200
    leaving.leave(user=user, at=clock.now())
    assert elsewhere.get("/me/").status_code == 302


def test_who_holds_an_office_hands_it_over_first():
    worker = worlds.worker(worlds.community())
    with pytest.raises(ValidationError):
        leaving.leave(user=worker, at=clock.now())
    assert leaving.bars(worlds.administrator(), at=clock.now())
    worker.refresh_from_db()
    assert worker.is_active and worker.phone


def test_a_volunteer_with_a_wish_in_hand_finishes_it_first_and_one_without_leaves():
    here = scenes.scene()
    wish = scenes.claimed(here)
    with pytest.raises(ValidationError):
        leaving.leave(user=here.helper, at=clock.now())
    serving.complete(wish=wish, minutes=60, note="好了", actor=here.helper, at=clock.now())
    leaving.leave(user=here.helper, at=clock.now())
    here.volunteer.refresh_from_db()
    assert here.volunteer.state == Volunteer.State.LEFT
    assert HourEntry.objects.filter(volunteer=here.volunteer).count() == 0, "hours count when the wish is closed"


def test_ones_own_open_wish_goes_on_without_the_account():
    here = scenes.scene()
    wish = scenes.claimed(here)
    assert [row.url for row in leaving.goes_on(here.asker, at=clock.now())] == [f"/wishes/{wish.code}/"]
    leaving.leave(user=here.asker, at=clock.now(), erase=True)
    wish.refresh_from_db()
    assert wish.state == "in_service" and wish.contact_phone


def test_the_page_says_what_bars_it_and_refuses():
    here = scenes.scene()
    scenes.claimed(here)
    client = proven(here.helper)
    page = client.get("/me/leave/").content.decode()
    assert "现在还不能注销" in page and "先办完，或者退单" in page
    answer = client.post("/me/leave/", {"sure": "on"})
    assert "还有要先交接或办完的事" in answer.content.decode()
    here.helper.refresh_from_db()
    assert here.helper.is_active


def test_it_is_asked_whether_one_is_sure():
    client = proven(worlds.account(worlds.community()))
    answer = client.post("/me/leave/", {})
    assert answer.status_code == 422
    assert "想好了再打勾" in answer.content.decode()


def test_the_receipt_is_read_signed_out_and_the_number_finds_the_record():
    user = worlds.account(worlds.community(), name="林小荷")
    client = proven(user)
    answer = client.post("/me/leave/", {"sure": "on", "erase": "on"})
    assert answer.status_code == 302 and answer["Location"] == "/left/"
    page = client.get("/left/").content.decode()
    entry = AuditEntry.objects.get(verb="account.left")
    assert str(entry.pk) in page
    assert "能删的已经一起删除" in page
    assert client.get("/me/").status_code == 302
    assert client.post("/me/leave/", {"sure": "on"}).status_code == 302
    user.person.refresh_from_db()
    assert user.person.name == "（已删除）"
    assert client.get(reverse("front:home")).status_code == 200


def test_without_a_receipt_the_way_leads_home():
    assert worlds.client_for(None).get("/left/")["Location"] == "/"


def test_an_account_without_a_password_proves_by_code_first():
    user = worlds.account(worlds.community())
    User.objects.filter(pk=user.pk).update(password="!")
    client = worlds.client_for(User.objects.get(pk=user.pk))
    assert "注销以后" not in client.get("/me/leave/").content.decode()
    client.post("/me/leave/", {"sure": "on"})
    user.refresh_from_db()
    assert user.is_active


def test_what_one_asked_for_a_child_is_named_and_what_becomes_of_the_child():
    here = scenes.scene()
    child = worlds.person(here.community, name="李豆豆", birth_date=clock.today())
    elder = worlds.person(here.community, name="周大寒")
    guardian = here.asker
    day = clock.today()
    Guardianship.objects.create(child=child, guardian=guardian.person, relation="母亲", since=day)
    Authorisation.objects.create(
        principal=elder, agent=guardian.person, relation="外甥女", since=day, recorded_by=here.worker
    )
    said = {"purpose": consenting.CHILD_PURPOSE, "channel": Channel.ONLINE, "at": clock.now()}
    consenting.give(person=child, guardian=guardian.person, **said)
    wish = scenes.ordered(here, subject=child, actor_part="guardian")
    assert [row.title for row in leaving.goes_on(guardian, at=clock.now())] == [f"{wish.kind} {spaced(wish.code)}"]
    page = proven(guardian).get(reverse("front:leave")).content.decode()
    assert spaced(wish.code) in page and "替李**提的" in page
    assert "李豆豆的登记" in page and "您替孩子作的同意也还算数" in page and "替周大寒代办" in page
    leaving.leave(user=guardian, at=clock.now(), erase=True)
    child.refresh_from_db()
    wish.refresh_from_db()
    assert child.name == "李豆豆" and wish.state == wish.State.PENDING_REVIEW and wish.details
    assert consenting.missing(child, day) is None, "the word for the child stands"
    guardian.person.refresh_from_db()
    assert Guardianship.objects.in_force(day).filter(child=child).exists()
