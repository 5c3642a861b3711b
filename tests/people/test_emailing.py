"""Confirming an address: a code that came back, three tries, limits, and nothing in clear."""

import datetime as dt
import re

import pytest

from portal.core import clock, mail
from portal.core.models import AuditEntry
from portal.people import codes, emailing
from portal.people.models import SmsCode
from tests import worlds

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ADDRESS = "xiaohe@example.com"


@pytest.fixture
def user():
    return worlds.account(worlds.community())


@pytest.fixture
def session() -> dict:
    return {}


def ask(user, session, at=AT, address=ADDRESS):
    return emailing.ask(user=user, address=address, session=session, at=at)


def code_in(mailoutbox) -> str:
    return re.search(r"^\d{6}$", mailoutbox[-1].body, re.M).group()


def confirm(user, session, typed, at=AT):
    return emailing.confirm(user=user, waiting=emailing.pending(session, user=user, at=at), typed=typed, at=at)


def test_the_code_from_the_mail_confirms_the_address(user, session, mailoutbox):
    ask(user, session)
    assert user.email == "", "until then the account has none"
    assert mailoutbox[0].to == [ADDRESS]
    assert confirm(user, session, code_in(mailoutbox)).right
    user.refresh_from_db()
    assert (user.email, user.email_confirmed_at) == (ADDRESS, AT)
    entry = AuditEntry.objects.get(verb="account.email_confirmed")
    assert entry.details == {}, "never which address"


def test_a_wrong_code_three_times_and_a_right_one_is_right_once(user, session, mailoutbox):
    ask(user, session)
    right = code_in(mailoutbox)
    wrong = "000000" if right != "000000" else "000001"
    assert [confirm(user, session, wrong).left for _try in range(3)] == [2, 1, 0]
    assert not confirm(user, session, right).right, "the tries are used up"
    ask(user, session, at=AT + MINUTE)
    right = code_in(mailoutbox)
    assert confirm(user, session, right, at=AT + MINUTE).right
    assert not confirm(user, session, right, at=AT + MINUTE).right
    user.refresh_from_db()
    assert user.email == ADDRESS


def test_a_code_lives_thirty_minutes(user, session, mailoutbox):
    ask(user, session)
    assert emailing.pending(session, user=user, at=AT + emailing.LIFE) is not None
    assert emailing.pending(session, user=user, at=AT + emailing.LIFE + MINUTE) is None
    assert confirm(user, session, code_in(mailoutbox), at=AT + emailing.LIFE).right


def test_a_code_is_for_the_account_that_asked(user, session, mailoutbox):
    ask(user, session)
    assert emailing.pending(session, user=worlds.account(worlds.community()), at=AT) is None


def test_a_minute_between_and_twenty_a_day_for_an_address_and_for_an_account(user, session, mailoutbox):
    ask(user, session)
    with pytest.raises(codes.CodeRefused, match="请等 30 秒"):
        ask(user, session, at=AT + MINUTE / 2, address="other@example.com")
    other = worlds.account(worlds.community())
    with pytest.raises(codes.CodeRefused, match="请等"):
        ask(other, {}, at=AT + MINUTE / 2, address=ADDRESS.upper())
    for number in range(1, 20):
        ask(user, session, at=AT + number * MINUTE, address=f"n{number}@example.com")
    with pytest.raises(codes.CodeRefused, match="明天再试"):
        ask(user, session, at=AT + 21 * MINUTE, address="last@example.com")
    ask(other, {}, at=AT + 21 * MINUTE)
    assert len(mailoutbox) == 21


def test_the_answer_is_the_same_for_an_address_that_somebody_has(user, session, mailoutbox):
    worlds.account(worlds.community(), email=ADDRESS, email_confirmed_at=AT)
    ask(user, session)
    assert len(mailoutbox) == 1
    assert confirm(user, session, code_in(mailoutbox)).right, "a family may share one"


@pytest.mark.parametrize(("permanent", "rows"), [(False, 0), (True, 2)])
def test_a_server_that_takes_none_is_said_and_costs_no_turn_unless_the_address_is_none(
    user, session, monkeypatch, permanent, rows
):
    def refuse(**_letter):
        raise mail.MailFailed("no", permanent=permanent)

    monkeypatch.setattr(mail, "send", refuse)
    with pytest.raises(codes.CodeRefused, match="发不出去"):
        ask(user, session)
    assert SmsCode.objects.count() == rows
    assert emailing.pending(session, user=user, at=AT) is None


def test_an_unclear_answer_leaves_the_code_good(user, session, monkeypatch):
    monkeypatch.setattr(codes, "fresh_code", lambda: "246813")

    def unclear(**_letter):
        raise mail.MailFailed("line broke", uncertain=True)

    monkeypatch.setattr(mail, "send", unclear)
    ask(user, session)
    assert confirm(user, session, "２４６ ８１３").right


def test_without_mail_nothing_is_asked(user, session, settings, mailoutbox):
    settings.MAIL_ON = False
    with pytest.raises(codes.CodeRefused, match="还没有开通邮件"):
        ask(user, session)
    assert not mailoutbox


def test_removing_forgets_it_and_can_be_repeated(user, session, mailoutbox):
    ask(user, session)
    confirm(user, session, code_in(mailoutbox))
    for _again in range(2):
        emailing.remove(user=user, at=AT)
    user.refresh_from_db()
    assert (user.email, user.email_confirmed_at) == ("", None)
    assert AuditEntry.objects.filter(verb="account.email_removed").count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" xiaohe@example.com ", ADDRESS), ("xiaohe＠example．com", ADDRESS), ("xiaohe@example。com", ADDRESS)],
)
def test_how_people_type_it(typed, kept):
    assert emailing.clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "xiaohe", "xiaohe@", "@example.com", "a@b@c.com", "x" * 120 + "@example.com"])
def test_what_is_no_address_is_refused_in_plain_words(typed):
    with pytest.raises(emailing.ValidationError, match="完整的邮箱地址"):
        emailing.clean(typed)


def test_masked_it_says_enough_to_know_ones_own_by():
    assert emailing.masked(ADDRESS) == "x***@example.com"
    assert emailing.masked("") == ""


def test_limits_hold_the_index_of_an_address_and_never_the_address(user, session, mailoutbox):
    ask(user, session, at=clock.now())
    assert all("example" not in row.phone_index for row in SmsCode.objects.all())
