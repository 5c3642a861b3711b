"""离任交接: one act ends the offices, moves the work, and shuts the door at the next click."""

import threading
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.backoffice import handover, trail
from portal.core import clock
from portal.core.models import AuditEntry
from portal.notices.models import Notice
from portal.people import handling, offices
from portal.people.models import Role, RoleKind, User
from services.wishes import access
from services.wishes.models import Wish
from tests import worlds
from tests.races import race
from tests.wishes import scenes

from .desks import act_url, carry_out, messages_of, token_of

pytestmark = pytest.mark.django_db
HEIRS = ["nobody", "colleague", "grid", "other"]


def taken(place: Any, by: User, **fields: Any) -> Wish:
    """A wish of the place that ``by`` has in hand."""
    asker = fields.pop("asker_account", None) or worlds.account(place.community)
    scene = scenes.Scene(place.community, place.worker, asker, None)
    wish = scenes.ordered(scene, **fields)
    handling.take(record=wish, actor=by, at=clock.now())
    return wish


def held(user: User) -> int:
    return Wish.objects.open().filter(handler=user).count()


def hand_over(leaver: User, to: User | None, actor: User) -> handover.HandedOver:
    return handover.hand_over(leaver=leaver, to=to, actor=actor, at=clock.now(), reason="调岗")


def told(user: User, title: str) -> str:
    """What the one notice under this title says; titles are sealed."""
    [body] = [notice.body for notice in Notice.objects.filter(person=user.person) if notice.title == title]
    return body


def counts(done: handover.HandedOver) -> tuple[int, int]:
    """How many were given, how many went back."""
    return handover.pieces(done.given), handover.pieces(done.back)


def test_work_goes_to_the_successor_and_the_offices_end(here) -> None:
    wishes = [taken(here, here.worker) for _ in range(3)]
    heir = worlds.worker(here.community)
    done = hand_over(here.worker, heir, here.head)
    assert (counts(done), len(done.ended), done.left) == ((3, 0), 1, 0)
    assert (held(here.worker), held(heir)) == (0, 3)
    assert not Role.objects.current().filter(user=here.worker).exists()
    entry = AuditEntry.objects.get(verb="office.handed_over")
    assert (entry.actor_id, entry.subject_id) == (here.head.pk, here.worker.pk)
    assert entry.details == {"to": heir.pk, "given": 3, "back": 0, "offices": 1}
    moves = AuditEntry.objects.filter(verb="request.handed_over", subject_id__in=[wish.pk for wish in wishes])
    assert {(row.details["from"], row.details["to"]) for row in moves} == {(here.worker.pk, heir.pk)}
    assert "您手上的工作已经交接" in [notice.title for notice in Notice.objects.filter(person=here.worker.person)]
    assert "微心愿 3 件" in Notice.objects.get(person=heir.person).body


def test_without_a_successor_it_is_the_whole_desks(here) -> None:
    taken(here, here.worker)
    hand_over(here.worker, None, here.head)
    assert Wish.objects.open().filter(handler__isnull=True).count() == 1


def test_what_the_successor_may_not_do_goes_back_to_the_desk(here) -> None:
    heir = worlds.worker(here.community)
    taken(here, here.worker)
    own = taken(here, here.worker, asker_account=heir)
    assert counts(hand_over(here.worker, heir, here.head)) == (1, 1)
    assert held(heir) == 1
    assert Wish.objects.get(pk=own.pk).handler is None
    assert "微心愿 1 件，从今天起由您经办" in told(heir, "有工作交接给您")
    assert told(here.worker, "您手上的工作已经交接") == "微心愿 1 件，已经交给同事接着办；微心愿 1 件，已经退回窗口。"


def test_who_has_another_grid_is_not_offered_and_a_crafted_form_is_refused(here) -> None:
    elsewhere = worlds.grid(here.community, "第四网格")
    grid_head, colleague = worlds.staff(RoleKind.GRID_HEAD, elsewhere), worlds.worker(here.community)
    wishes = [taken(here, here.worker) for _ in range(3)]
    Wish.objects.filter(pk__in=[wish.pk for wish in wishes]).update(grid=here.grid)
    page = here.office.get(act_url(here.worker, "handover"))
    assert set(page.context["form"].fields["to"].queryset) == {here.head, colleague}
    sent = carry_out(here.office, here.worker, "handover", to=grid_head.pk, reason="调岗")
    assert sent.status_code == 200 and sent.context["form"].errors.keys() == {"to"}
    assert held(here.worker) == 3 and here.worker.roles.current().exists()


def test_whoever_cannot_read_it_gets_nothing_and_is_told_nothing(here) -> None:
    grid_head = worlds.staff(RoleKind.GRID_HEAD, worlds.grid(here.community, "第四网格"))
    wish = taken(here, here.worker)
    Wish.objects.filter(pk=wish.pk).update(grid=here.grid)
    assert counts(hand_over(here.worker, grid_head, here.head)) == (0, 1)
    assert Wish.objects.get(pk=wish.pk).handler is None
    assert not Notice.objects.filter(person=grid_head.person).exists()
    [line] = [step for step in trail.steps_of(wish) if step.what == "交接经办"]
    assert line.details == f"从{here.worker}退回窗口"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.sampled_from(["none", "grid", "other"]), max_size=5), heir=st.sampled_from(HEIRS))
def test_nothing_is_lost_and_nobody_gets_what_they_may_not_read(here, places: list[str], heir: str) -> None:
    with transaction.atomic():
        grids = {"none": None, "grid": here.grid, "other": worlds.grid(here.community, "第四网格")}
        leaver = worlds.worker(here.community)
        to = _heir(heir, here, grids)
        wishes = [taken(here, leaver) for _ in places]
        for wish, place in zip(wishes, places, strict=True):
            Wish.objects.filter(pk=wish.pk).update(grid=grids[place])
        given, back = counts(hand_over(leaver, to, here.head))
        after = list(Wish.objects.filter(pk__in=[wish.pk for wish in wishes]).select_related("community", "grid"))
        assert given + back == len(places) == len(after)
        assert sum(wish.handler_id is None for wish in after) == back
        assert all(wish.handler_id in (None, to and to.pk) for wish in after)
        assert all(wish.handler is None or access.may_handle(wish.handler, wish) for wish in after)
        transaction.set_rollback(True)


def _heir(which: str, here: Any, grids: dict[str, Any]) -> User | None:
    if which == "nobody":
        return None
    if which == "colleague":
        return worlds.worker(here.community)
    return worlds.staff(RoleKind.GRID_HEAD, grids[which])


def test_the_message_says_what_went_where(here) -> None:
    heir, office = worlds.worker(here.community), here.office
    taken(here, here.worker)
    taken(here, here.worker, asker_account=heir)
    carry_out(office, here.worker, "handover", to=heir.pk, reason="调岗")
    said = messages_of(office.get("/admin/"))[-1]
    assert f"结束 1 个角色；交给{heir}：微心愿 1 件；退回窗口：微心愿 1 件。" in said


def test_a_head_ends_and_moves_only_what_is_theirs(here, there) -> None:
    offices.grant_role(actor=None, user=here.worker, area=there.community, kind=RoleKind.WORKER, at=clock.now())
    worker = User.objects.get(pk=here.worker.pk)
    mine = taken(here, worker)
    theirs = taken(there, worker)
    done = hand_over(worker, None, here.head)
    assert ([role.area for role in done.ended], done.left) == ([here.community], 1)
    assert Wish.objects.get(pk=mine.pk).handler is None
    assert Wish.objects.get(pk=theirs.pk).handler == worker
    assert User.objects.get(pk=worker.pk).is_staff
    with pytest.raises(PermissionDenied):
        hand_over(worker, None, here.head)
    hand_over(worker, None, worlds.administrator())
    assert held(worker) == 0


def test_who_may_and_to_whom(here, there) -> None:
    for actor in (here.worker, there.head, worlds.supervisor(here.community)):
        with pytest.raises(PermissionDenied):
            hand_over(here.worker if actor != here.worker else here.head, None, actor)
    with pytest.raises(PermissionDenied):
        hand_over(here.head, None, here.head)
    taken(here, here.worker)
    gone = worlds.worker(here.community)
    Role.objects.filter(user=gone).update(until=clock.now())
    for to in (there.worker, gone, worlds.account(here.community)):
        with pytest.raises(ValidationError, match="还在任"):
            hand_over(here.worker, to, here.head)
    assert held(here.worker) == 1
    assert here.worker.roles.current().exists()


def test_the_page_says_beforehand_and_the_open_page_of_who_left_is_refused(here) -> None:
    wish = taken(here, here.worker)
    desk = here.desk
    open_page = act_url(wish, "approve")
    token = token_of(desk, open_page)
    preview = here.office.get(act_url(here.worker, "handover")).content.decode()
    assert "微心愿：1 件" in preview
    assert "社区工作者" in preview
    assert carry_out(here.office, here.worker, "handover", to="", reason="退休").status_code == 302
    sent = desk.post(open_page, {"once": token, "title": "换灯", "alias": "李邻居", "kind": wish.kind_id})
    assert sent.status_code == 403
    assert Wish.objects.get(pk=wish.pk).state == Wish.State.PENDING_REVIEW
    assert desk.get("/admin/").status_code == 403


def test_a_role_that_simply_ends_says_what_becomes_of_the_work(here) -> None:
    wish = taken(here, here.worker)
    shown = here.office.get(act_url(here.worker.roles.get(), "end")).content.decode()
    assert "微心愿 1 件" in shown
    assert "自动退回窗口" in shown
    carry_out(here.office, here.worker.roles.get(), "end", reason="调岗")
    assert Wish.objects.get(pk=wish.pk).handler is None


def test_the_message_says_whether_the_leaver_still_comes_in(here, there) -> None:
    def said(client: Any, leaver: User) -> str:
        carry_out(client, leaver, "handover", to="", reason="调岗")
        return messages_of(client.get("/admin/"))[-1]

    gone, elsewhere = worlds.worker(here.community), worlds.worker(here.community)
    offices.grant_role(actor=None, user=elsewhere, area=there.community, kind=RoleKind.WORKER, at=clock.now())
    assert "对方就进不来了" in said(here.office, gone)
    words = said(here.office, elsewhere)
    assert there.community.name in words and "仍能进工作台" in words and "进不来了" not in words
    boss, other = worlds.client_for(worlds.administrator()), worlds.administrator()
    offices.grant_role(actor=None, user=other, area=here.community, kind=RoleKind.WORKER, at=clock.now())
    assert act_url(other, "close") in boss.get(act_url(other, "handover")).content.decode()
    words = said(boss, other)
    assert "停用账号" in words and "进不来了" not in words


@pytest.mark.parametrize("administrator", [True, False])
def test_a_closed_account_holds_nothing_and_is_no_administrator_when_opened_again(here, administrator: bool) -> None:
    """Also one without any role."""
    boss, user = worlds.administrator(), worlds.administrator() if administrator else worlds.account(here.community)
    wish = taken(here, here.worker)
    Wish.objects.filter(pk=wish.pk).update(handler=user)
    offices.close_account(actor=boss, user=User.objects.get(pk=user.pk), at=clock.now(), reason="离开了")
    assert Wish.objects.get(pk=wish.pk).handler is None
    offices.reopen_account(actor=boss, user=User.objects.get(pk=user.pk), at=clock.now(), reason="回来了")
    again = User.objects.get(pk=user.pk)
    assert again.is_active and not again.is_superuser and not again.is_staff
    ended = AuditEntry.objects.filter(verb="administrator.ended", subject_id=user.pk, actor_id=boss.pk)
    assert ended.count() == int(administrator)


class TestAtTheSameMoment:
    pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]

    def scene(self) -> tuple[Any, Wish, User, User]:
        here = scenes.scene()
        return here, scenes.ordered(here), worlds.head(here.community), worlds.worker(here.community)

    def take(self, wish: Wish, user: User) -> None:
        handling.take(record=wish, actor=user, at=clock.now())

    def test_what_is_taken_while_handing_over_stays_with_nobody_who_left(self) -> None:
        for _turn in range(5):
            here, wish, head, heir = self.scene()
            outcomes = race(partial(self.take, wish, here.worker), partial(hand_over, here.worker, heir, head))
            assert outcomes[1].won, outcomes[1].error
            assert Wish.objects.get(pk=wish.pk).handler_id in (None, heir.pk)
            assert (outcomes[0].won) == (Wish.objects.get(pk=wish.pk).handler_id == heir.pk)

    def test_control_without_the_lock_it_stays_with_who_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        here, wish, head, heir = self.scene()
        looked, gone = threading.Event(), threading.Event()
        hand = handling._hand

        def late(record: Any, to: Any) -> None:
            looked.set()
            gone.wait(30)
            hand(record, to)

        def hand_over_when_looked_at() -> None:
            looked.wait(30)
            hand_over(here.worker, heir, head)
            gone.set()

        def unlocked(*ids: int) -> list[User]:
            return [User.objects.get(pk=pk) for pk in ids]

        for module in (handling, offices, handover):
            monkeypatch.setattr(module, "locked_accounts", unlocked)
        monkeypatch.setattr(handling, "_hand", late)
        race(partial(self.take, wish, here.worker), hand_over_when_looked_at)
        assert Wish.objects.get(pk=wish.pk).handler == here.worker

    def test_two_who_leave_to_each_other_do_not_wait_for_ever(self) -> None:
        here, _wish, head, other = self.scene()
        boss = worlds.administrator()
        race(partial(hand_over, here.worker, other, head), partial(hand_over, other, here.worker, boss))
        assert held(here.worker) == held(other) == 0
