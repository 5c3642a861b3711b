"""消息怎么通知我: choices kept whole or not at all, the address for mail, everything safe to send twice."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from portal.core import clock
from portal.front.notice_forms import ChoicesForm
from portal.notices import choosing
from portal.notices.models import NoticeChoice, QuietHours
from portal.people.models import ConsentRecord, User
from tests import worlds
from tests.browsers import axe

pytestmark = pytest.mark.django_db
URL, EMAIL_URL, CODE_URL = "/me/notices/", "/me/notices/email/", "/me/notices/email/code/"
ADDRESS = "xiaohe@example.com"


@pytest.fixture
def user():
    return worlds.account(worlds.community())


@pytest.fixture
def client(user):
    return worlds.client_for(user)


def form_of(user) -> ChoicesForm:
    """The form as the page has it now."""
    return ChoicesForm(user=User.objects.get(pk=user.pk))


def as_it_stands(user, **change) -> dict[str, str]:
    """What a browser sends from the page as it stands, with ``change``; None takes a tick away."""
    form = form_of(user)
    sent = {name: "on" for name in form.fields if form[name].value() is True}
    sent |= {name: str(form[name].value()) for name in ("begin", "end", "shown")}
    sent |= change
    return {name: value for name, value in sent.items() if value is not None}


def code_in(mailoutbox) -> str:
    return re.search(r"^\d{6}$", mailoutbox[-1].body, re.M).group()


def test_sent_as_it_stands_it_changes_nothing(client, user):
    for _again in range(2):
        assert client.post(URL, as_it_stands(user))["Location"] == URL
    assert not NoticeChoice.objects.exists()
    assert not QuietHours.objects.exists()
    assert not ConsentRecord.objects.exists()


def test_everything_at_once_and_twice(client, user):
    client.post(URL, as_it_stands(user, sms="on"))
    sent = as_it_stands(user, **{"wishes-sms": None, "begin": "21:00", "end": "08:00"})
    for _again in range(2):
        assert client.post(URL, sent).status_code == 302
    user.refresh_from_db()
    assert user.sms_notices
    assert ConsentRecord.objects.get().purpose == "notices.sms"
    assert [(c.kind, c.channel, c.on) for c in NoticeChoice.objects.all()] == [("wishes", "sms", False)]
    hours = QuietHours.objects.get()
    assert (hours.kept, hours.begin, hours.end) == (True, dt.time(21), dt.time(8))
    form = form_of(user)
    assert form["sms"].value() is True
    assert form["wishes-sms"].value() is False
    client.post(URL, as_it_stands(user, sms=None))
    user.refresh_from_db()
    assert not user.sms_notices
    assert ConsentRecord.objects.latest("pk").act == "withdrawn"


def boxes(page: str, way: str) -> list[str]:
    """The boxes of a column that can be ticked."""
    return re.findall(rf'name="[a-z]+-{way}"', page)


def test_what_cannot_be_sent_cannot_be_ticked_and_says_why(client, user):
    page = client.get(URL).content.decode()
    assert not boxes(page, "sms") and not boxes(page, "email")
    table = page.split("<table")[1].split("</table>")[0]
    assert "disabled" in table and "checked" not in table
    assert "短信没有打开" in page and 'href="#id_sms"' in page and 'id="id_sms"' in page
    assert "还没有邮箱" in page and f'href="{EMAIL_URL}"' in page.split("哪些消息要提醒")[1]
    client.post(URL, as_it_stands(user, sms="on"))
    page = client.get(URL).content.decode()
    assert boxes(page, "sms") and not boxes(page, "email")
    assert "短信没有打开" not in page


def test_mail_that_is_switched_off_is_no_column_or_a_shut_one(client, user, settings):
    user.email, user.email_confirmed_at = ADDRESS, clock.now()
    user.save()
    page = client.get(URL).content.decode()
    assert "邮件没有打开" in page and 'href="#id_email"' in page
    settings.MAIL_ON = False
    assert "邮件" not in client.get(URL).content.decode().split("<table")[1].split("</table>")[0]


def test_a_shut_box_keeps_what_was_chosen_whatever_is_sent(client, user):
    client.post(URL, as_it_stands(user, sms="on"))
    client.post(URL, as_it_stands(user, **{"wishes-sms": None}))
    client.post(URL, as_it_stands(user, sms=None))
    kept = [("wishes", "sms", False)]
    for change in ({}, {"wishes-sms": "on"}, {"people-sms": None}):
        assert client.post(URL, as_it_stands(user, **change)).status_code == 302
        assert [(c.kind, c.channel, c.on) for c in NoticeChoice.objects.all()] == kept


def test_a_page_from_before_the_way_was_opened_takes_no_tick_away(client, user):
    old = {"sms": "on", "kept": "on", "begin": "22:00", "end": "07:00", "shown": ""}
    client.post(URL, as_it_stands(user, sms="on"))
    assert client.post(URL, old).status_code == 302
    assert not NoticeChoice.objects.exists()


def test_a_night_that_begins_and_ends_at_once_is_refused_and_nothing_is_stored(client, user):
    answer = client.post(URL, as_it_stands(user, sms="on", begin="07:00", end="07:00"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "两个时间不能一样" in page
    assert re.search(r'name="sms"[^>]*checked', page), "what was ticked stays ticked"
    user.refresh_from_db()
    assert not user.sms_notices
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize("bad", ["25:00", "x", "07:30", "", "\0"])
def test_a_time_that_is_not_offered_is_refused(client, user, bad):
    assert client.post(URL, as_it_stands(user, begin=bad)).status_code == 422


def test_a_child_cannot_agree_alone_and_nothing_else_is_kept_then(client, user):
    user.person.birth_date = clock.today() - dt.timedelta(days=3650)
    user.person.save()
    answer = client.post(URL, as_it_stands(user, **{"sms": "on", "wishes-sms": None}))
    assert answer.status_code == 422
    assert "监护人同意" in answer.content.decode()
    assert not NoticeChoice.objects.exists()


def test_kinds_for_staff_are_offered_to_staff_alone(client):
    assert "每日待办" not in client.get(URL).content.decode()
    page = worlds.client_for(worlds.worker(worlds.community())).get(URL).content.decode()
    assert "每日待办" in page
    assert "总在" in page


def test_a_number_that_was_not_confirmed_for_long_is_said(client, user):
    user.sms_notices, user.phone_confirmed_at = True, clock.now() - dt.timedelta(days=200)
    user.save()
    page = client.get(URL).content.decode()
    assert "很久没有确认" in page
    assert f'href="{reverse("account_overview")}"' in page


def test_without_mail_none_is_offered(client, settings):
    settings.MAIL_ON = False
    assert "邮件" not in client.get(URL).content.decode().split("<table")[0].split("短信</h2>")[1]
    assert client.get(EMAIL_URL)["Location"] == URL


# The address ---------------------------------------------------------------------------------------------------------


def test_an_address_is_asked_proven_and_used(client, user, mailoutbox):
    assert client.post(EMAIL_URL, {"email": f" {ADDRESS} "})["Location"] == CODE_URL
    page = client.get(CODE_URL).content.decode()
    assert "x***@example.com" in page
    assert ADDRESS not in page
    wrong = client.post(CODE_URL, {"code": "000000" if code_in(mailoutbox) != "000000" else "000001"})
    assert wrong.status_code == 422
    assert "还可以再试 2 次" in wrong.content.decode()
    sent = {"code": code_in(mailoutbox)}
    assert [client.post(CODE_URL, sent)["Location"] for _again in range(2)] == [URL, URL]
    user.refresh_from_db()
    assert (user.email, user.email_notices) == (ADDRESS, True)
    assert ConsentRecord.objects.get().purpose == "notices.email"
    assert "x***@example.com" in client.get(URL).content.decode()


def test_another_address_takes_the_place_of_the_first_only_when_it_is_proven(client, user, mailoutbox):
    user.email, user.email_confirmed_at, user.email_notices = ADDRESS, clock.now(), True
    user.save()
    client.post(EMAIL_URL, {"email": "new@example.com"})
    user.refresh_from_db()
    assert user.email == ADDRESS
    client.post(CODE_URL, {"code": code_in(mailoutbox)})
    user.refresh_from_db()
    assert user.email == "new@example.com"


def test_asked_twice_within_a_minute_one_letter_goes_and_what_was_typed_stays(client, mailoutbox):
    client.post(EMAIL_URL, {"email": ADDRESS})
    again = client.post(EMAIL_URL, {"email": ADDRESS})
    assert again.status_code == 422
    assert "秒再发" in again.content.decode()
    assert ADDRESS in again.content.decode()
    assert len(mailoutbox) == 1
    assert client.post(CODE_URL, {"act": "resend"})["Location"] == CODE_URL
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("typed", ["", "abc", "a@b", "x" * 300, "<script>@example.com"])
def test_what_is_no_address_is_refused(client, mailoutbox, typed):
    answer = client.post(EMAIL_URL, {"email": typed})
    assert answer.status_code == 422
    assert not mailoutbox
    assert "<script>@" not in answer.content.decode()


def test_three_wrong_codes_start_over_and_no_code_leads_back(client, mailoutbox):
    assert client.get(CODE_URL)["Location"] == EMAIL_URL
    client.post(EMAIL_URL, {"email": ADDRESS})
    wrong = "111111" if code_in(mailoutbox) != "111111" else "222222"
    answers = [client.post(CODE_URL, {"code": wrong}) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert answers[-1]["Location"] == EMAIL_URL


def test_an_address_is_removed_and_twice_is_once(client, user):
    user.email, user.email_confirmed_at = ADDRESS, clock.now()
    user.save()
    choosing.switch(user=user, channel=choosing.Channel.EMAIL, on=True, at=clock.now())
    for _again in range(2):
        assert client.post(EMAIL_URL, {"act": "remove"})["Location"] == URL
    user.refresh_from_db()
    assert (user.email, user.email_confirmed_at, user.email_notices) == ("", None, False)
    assert [record.act for record in ConsentRecord.objects.order_by("pk")] == ["given", "withdrawn"]


# In a browser --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["phone", pytest.param("desk", marks=pytest.mark.whole)])
def test_the_pages_in_a_browser(open_page, size):
    here = worlds.community()
    user = worlds.worker(
        here, email=ADDRESS, email_confirmed_at=clock.now(), sms_notices=True, elder_mode=size == "phone"
    )
    page = open_page(size=size, user=user, javascript=size == "desk")
    page.goto(URL)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.get_by_role("checkbox", name=re.compile(r"微心愿：\s*短信"))
    box.uncheck()
    page.get_by_role("button", name="保存").click()
    page.get_by_text("保存好了").wait_for()
    assert not box.is_checked()
    page.goto(EMAIL_URL)
    axe(page)
