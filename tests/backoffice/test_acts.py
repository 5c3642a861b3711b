"""Acts as buttons: shown when they can be done, done once, refused with a word, several at a time."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from portal.backoffice.acts.bulk import BULK_LIMIT
from portal.core import clock
from portal.core.models import OnceKey, Transition
from portal.people import offices, tying
from portal.people.models import Ownership, PersonArea, Residency, TieState
from tests import worlds

from .desks import YESTERDAY, act_url, carry_out, claim, messages_of, page, token_of


@pytest.fixture
def tie(here) -> Residency:
    return claim(here.resident, here.household)


def labels_on(client, obj) -> list[str]:
    return [str(act.label) for act, _url in client.get(page(obj._meta.label_lower, "change", obj.pk)).context["acts"]]


def test_the_buttons_are_what_can_be_done_now(here, tie) -> None:
    assert labels_on(here.desk, tie) == ["确认", "不通过"]
    tying.confirm(tie=tie, actor=here.worker, at=clock.now())
    assert labels_on(here.desk, tie) == ["结束"]
    assert labels_on(worlds.client_for(worlds.supervisor(here.community)), tie) == []


def test_the_state_is_never_a_field(here, tie) -> None:
    response = here.desk.get(page("people.residency", "change", tie.pk))
    assert list(response.context["adminform"].form.fields) == []
    assert here.desk.post(page("people.residency", "change", tie.pk), {"state": "confirmed"}).status_code == 403
    tie.refresh_from_db()
    assert tie.state == TieState.CLAIMED


def test_an_act_says_what_it_does_and_does_it(here, tie) -> None:
    shown = here.desk.get(act_url(tie, "confirm")).content.decode()
    assert "确认后，这个人就算这一户的人" in shown
    response = here.desk.post(
        act_url(tie, "confirm"), {"once": token_of(here.desk, act_url(tie, "confirm"))}, follow=True
    )
    assert response.redirect_chain[-1][0] == page("people.residency", "change", tie.pk)
    assert messages_of(response) == ["“确认”已办好。"]
    tie.refresh_from_db()
    assert tie.state == TieState.CONFIRMED
    move = tie.transitions().last()
    assert (move.name, move.actor_id, move.actor_part) == ("confirm", here.worker.pk, "staff")
    assert PersonArea.objects.filter(person=here.resident, community=here.community, grid=here.grid).exists()


def test_a_reason_is_asked_for_and_kept_beside_the_move(here, tie) -> None:
    url = act_url(tie, "refuse")
    response = here.desk.post(url, {"once": token_of(here.desk, url), "reason": "  "})
    assert response.status_code == 200
    assert "reason" in response.context["form"].errors
    carry_out(here.desk, tie, "refuse", reason="缺房产证复印件")
    assert tie.transitions().last().remark.text == "缺房产证复印件"
    assert "缺房产证复印件" in here.desk.get(page("people.residency", "history", tie.pk)).content.decode()


def test_sent_twice_it_is_done_once(here, tie) -> None:
    url = act_url(tie, "confirm")
    form = {"once": token_of(here.desk, url)}
    first, second = here.desk.post(url, form), here.desk.post(url, form, follow=True)
    assert second.redirect_chain[-1][0] == first.url
    assert messages_of(second)[-1] == "这一步已经办过，没有重复办理。"
    assert Transition.objects.filter(name="confirm").count() == 1


def test_a_second_persons_stale_page_leads_back_with_a_word(here, tie) -> None:
    url = act_url(tie, "confirm")
    stale = {"once": token_of(here.desk, url)}
    carry_out(here.office, tie, "confirm")
    response = here.desk.post(url, stale, follow=True)
    assert response.redirect_chain[-1][0] == page("people.residency", "change", tie.pk)
    assert "可能刚刚有人先办了" in messages_of(response)[-1]
    assert Transition.objects.filter(name="confirm").count() == 1


def test_the_right_is_asked_again_when_it_is_sent(here, tie) -> None:
    url, client = act_url(tie, "confirm"), here.desk
    form = {"once": token_of(client, url)}
    worlds.Role.objects.create(user=here.worker, area=here.community.parent, kind="supervisor")
    role = here.worker.roles.get(kind="worker")
    offices.end_role(actor=None, role=role, at=clock.now())
    assert client.post(url, form).status_code == 403
    tie.refresh_from_db()
    assert tie.state == TieState.CLAIMED


def test_a_refusal_of_the_act_is_shown_with_what_was_typed(here, tie) -> None:
    tying.confirm(tie=tie, actor=here.worker, at=clock.now())
    url = act_url(tie, "end")
    token = token_of(here.desk, url)
    typed = {"once": token, "until": "2020-01-01", "reason": "搬走了"}
    response = here.desk.post(url, typed)
    assert response.context["form"].errors["until"] == ["结束日期不能早于开始日期。"]
    assert "搬走了" in response.content.decode()
    tie.refresh_from_db()
    assert (tie.state, tie.until) == (TieState.CONFIRMED, None)
    assert not OnceKey.objects.filter(token=token).exists()
    assert here.desk.post(url, {**typed, "until": clock.today().isoformat()}).status_code == 302
    tie.refresh_from_db()
    assert tie.state == TieState.ENDED


def test_without_its_token_an_act_is_a_bad_request(here, tie) -> None:
    assert here.desk.post(act_url(tie, "confirm"), {}).status_code == 400
    assert here.desk.post(act_url(tie, "no-such-act"), {"once": "x" * 32}).status_code == 404


def test_done_from_a_list_the_next_one_comes(here, tie) -> None:
    second = claim(worlds.person(here.community), worlds.household(here.building))
    filters = "state__exact=claimed"
    query = urlencode({"_changelist_filters": filters})
    url = f"{act_url(second, 'confirm')}?{query}"
    response = here.desk.post(url, {"once": token_of(here.desk, url), "next": "1"})
    assert response.url == f"{page('people.residency', 'change', tie.pk)}?{query}"
    url = f"{act_url(tie, 'confirm')}?{query}"
    response = here.desk.post(url, {"once": token_of(here.desk, url), "next": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{page('people.residency', 'changelist')}?{filters}"
    assert messages_of(response)[-1] == "这一列办完了。"


# Several rows --------------------------------------------------------------------------------------------------------


def choose(client, name: str, *rows) -> str:
    """Select ``rows`` in their list and go to the act's page."""
    sent = {"action": name, "index": "0", "_selected_action": [row.pk for row in rows]}
    response = client.post(page(rows[0]._meta.label_lower, "changelist"), sent)
    assert response.status_code == 302
    return response.url


def test_a_bulk_act_tells_how_many_and_why_not(here, tie) -> None:
    owned = [
        tying.claim_ownership(
            person=worlds.person(here.community),
            household=here.household,
            since=YESTERDAY,
            actor_id=None,
            actor_part="requester",
            at=clock.now(),
        )
        for _ in range(2)
    ]
    url = choose(here.desk, "confirm", *owned)
    response = here.desk.get(url)
    assert response.context["objs"] == list(reversed(owned))
    sent = {"once": response.context["once"], "ids": response.context["ids"]}
    response = here.desk.post(url, sent, follow=True)
    done, refused = messages_of(response)
    assert done == "“确认”办成 1 件。"
    assert refused.startswith("1 件没办成：")
    assert "超过了全部" in refused
    assert Ownership.objects.filter(state=TieState.CONFIRMED).count() == 1

    again = here.desk.post(url, sent, follow=True)
    assert messages_of(again)[0] == "“确认”办成 1 件。"
    assert Transition.objects.filter(name="confirm").count() == 1


def test_rows_that_cannot_be_done_are_named_before(here, tie) -> None:
    done = claim(worlds.person(here.community), worlds.household(here.building))
    tying.confirm(tie=done, actor=here.worker, at=clock.now())
    response = here.desk.get(choose(here.desk, "confirm", tie, done))
    assert response.context["objs"] == [tie]
    [(row, url, why)] = response.context["skipped"]
    assert (row, url) == (done, page("people.residency", "change", done.pk))
    assert why == "现在是“已确认”，不能这样办"


def test_a_strangers_row_among_the_chosen_is_not_there(here, there, tie) -> None:
    foreign = claim(there.resident, there.household)
    url = page("people.residency", "bulk", "confirm")
    ids = f"{tie.pk},{foreign.pk}"
    token = here.desk.get(f"{url}?ids={ids}").context["once"]
    here.desk.post(url, {"once": token, "ids": ids})
    tie.refresh_from_db()
    foreign.refresh_from_db()
    assert (tie.state, foreign.state) == (TieState.CONFIRMED, TieState.CLAIMED)


def test_more_than_a_handful_of_hundreds_is_asked_to_be_split(here, monkeypatch) -> None:
    monkeypatch.setattr("portal.backoffice.acts.bulk.BULK_LIMIT", 1)
    rows = [claim(worlds.person(here.community), worlds.household(here.building)) for _ in range(2)]
    url = choose(here.desk, "confirm", *rows)
    assert url.split("?")[0] == reverse("admin:people_residency_changelist")
    assert BULK_LIMIT == 200


def test_only_bulk_acts_stand_above_the_list_and_only_for_the_desk(here, tie) -> None:
    listing = page("people.residency", "changelist")
    choices = dict(here.desk.get(listing).context["action_form"].fields["action"].choices)
    assert choices == {"": "选择要办的事", "confirm": "确认", "refuse": "不通过"}
    supervisor = worlds.client_for(worlds.supervisor(here.community))
    assert supervisor.get(listing).context["action_form"] is None
    assert supervisor.get(page("people.residency", "bulk", "confirm") + f"?ids={tie.pk}").status_code == 403
    assert here.desk.get(page("people.residency", "bulk", "end") + f"?ids={tie.pk}").status_code == 403
