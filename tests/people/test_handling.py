"""Work taken in hand at the desk: by one, passed on, put back, let go with the office."""

import threading
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people import handling, offices
from portal.people.models import RoleKind, User
from services.wishes.models import Wish
from tests import worlds
from tests.races import race, winners
from tests.wishes import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> scenes.Scene:
    return scenes.scene()


def take(wish: Wish, user: User) -> None:
    handling.take(record=fresh(wish), actor=user, at=clock.now())


def fresh(wish: Wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


def assign(wish: Wish, to: User, by: User, reason: str = "他去过他家") -> None:
    handling.assign(record=wish, to=to, actor=by, at=clock.now(), reason=reason)


def end_office(user: User) -> None:
    offices.end_role(actor=None, role=user.roles.get(until__isnull=True), at=clock.now())


def verbs(wish: Wish) -> list[str]:
    rows = AuditEntry.objects.filter(subject_type="wishes.wish", subject_id=wish.pk, verb__startswith="request.")
    return [entry.verb for entry in rows.order_by("id")]


def test_one_takes_it_and_the_next_is_told(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    take(wish, here.worker)
    assert fresh(wish).handler == here.worker
    with pytest.raises(MoveRefused, match="已经有人经办"):
        take(wish, worlds.worker(here.community))
    assert verbs(wish) == ["request.taken"]


def test_a_stale_page_takes_nothing_from_who_was_faster(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    stale = fresh(wish)
    take(wish, here.worker)
    with pytest.raises(MoveRefused, match="刚刚有人先办"):
        handling.take(record=stale, actor=worlds.worker(here.community), at=clock.now())
    assert fresh(wish).handler == here.worker


def test_only_the_desk_of_the_place_takes_it_and_only_while_it_is_open(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    for user in (worlds.worker(elsewhere), worlds.supervisor(here.community), here.asker):
        with pytest.raises(PermissionDenied):
            take(wish, user)
    with pytest.raises(MoveRefused):
        take(scenes.closed(here), here.worker)


def test_an_office_that_has_just_ended_takes_nothing(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    assert here.worker.current_roles  # what a page that stands open remembers
    end_office(User.objects.get(pk=here.worker.pk))
    with pytest.raises(PermissionDenied):
        take(wish, here.worker)


def test_the_head_says_who_and_who_has_it_passes_it_on(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    head, colleague = worlds.head(here.community), worlds.worker(here.community)
    assign(wish, here.worker, head)
    with pytest.raises(PermissionDenied):
        assign(fresh(wish), here.worker, colleague)
    assign(fresh(wish), colleague, here.worker)
    assert fresh(wish).handler == colleague
    for told in (here.worker, colleague):
        notice = Notice.objects.get(person=told.person)
        assert notice.title == "有一件事交给您经办"
        assert wish.code in notice.body
    with pytest.raises(ValidationError, match="为什么"):
        assign(fresh(wish), here.worker, head, reason=" ")
    with pytest.raises(ValidationError, match="为什么"):
        handling.put_back(record=fresh(wish), actor=head, at=clock.now(), reason=" ")
    with pytest.raises(ValidationError, match="本来就是"):
        assign(fresh(wish), colleague, head)
    handling.put_back(record=fresh(wish), actor=head, at=clock.now(), reason="材料还没到齐")
    assert fresh(wish).handler is None
    assert verbs(wish) == ["request.assigned", "request.assigned", "request.put_back"]


def test_what_nobody_has_is_given_away_by_any_of_the_desk(here: scenes.Scene) -> None:
    wish, colleague = scenes.ordered(here), worlds.worker(here.community)
    assign(wish, colleague, here.worker)
    assert fresh(wish).handler == colleague
    with pytest.raises(PermissionDenied):
        assign(fresh(wish), here.worker, here.worker)


def test_it_goes_to_nobody_who_may_not_work_on_it(here: scenes.Scene) -> None:
    head, other = worlds.head(here.community), worlds.grid(here.community, "第二网格")
    asks_themselves = worlds.worker(here.community)
    wish = scenes.ordered(here, subject=asks_themselves.person, asker=asks_themselves.person)
    of_a_grid = worlds.staff(RoleKind.GRID_WORKER, other)
    for to in (asks_themselves, of_a_grid, here.asker, worlds.supervisor(here.community)):
        with pytest.raises(ValidationError, match="能办这件事的同事"):
            assign(wish, to, head)
    offered = set(handling.colleagues([wish], at=clock.now()))
    assert of_a_grid not in offered
    assert {head, here.worker} <= offered


def test_with_the_last_office_everything_is_let_go(here: scenes.Scene) -> None:
    mine, others = scenes.ordered(here), scenes.approved(here)
    colleague = worlds.worker(here.community)
    take(mine, here.worker)
    take(others, colleague)
    end_office(here.worker)
    assert fresh(mine).handler is None
    assert fresh(others).handler == colleague
    entry = AuditEntry.objects.get(verb="request.handed_over")
    assert (entry.actor_id, entry.details) == (None, {"from": here.worker.pk, "to": None})


def test_with_one_of_several_offices_only_its_own_work_goes(here: scenes.Scene) -> None:
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    at = clock.now()
    second = offices.grant_role(actor=None, user=here.worker, area=elsewhere, kind=RoleKind.WORKER, at=at)
    there = scenes.ordered(here, community=elsewhere)
    mine = scenes.ordered(here)
    worker = User.objects.get(pk=here.worker.pk)
    for wish in (mine, there):
        take(wish, worker)
    offices.end_role(actor=None, role=second, at=clock.now())
    assert fresh(there).handler is None
    assert fresh(mine).handler == worker


def test_closing_an_account_lets_go_too(here: scenes.Scene) -> None:
    wish = scenes.ordered(here)
    take(wish, here.worker)
    offices.close_account(actor=worlds.administrator(), user=here.worker, at=clock.now(), reason="离职")
    assert fresh(wish).handler is None


class TestAtTheSameMoment:
    pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]

    def test_of_many_exactly_one_takes_it(self) -> None:
        here = scenes.scene()
        wish = scenes.ordered(here)
        desk = [worlds.worker(here.community) for _ in range(6)]
        outcomes = race(*[partial(take, wish, user) for user in desk])
        assert len(winners(outcomes)) == 1
        assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {MoveRefused}

    def left_behind(self) -> bool:
        """Work is taken while the office ends: whether something stays with who has gone."""
        here = scenes.scene()
        wish = scenes.ordered(here)
        race(partial(take, wish, here.worker), partial(end_office, here.worker))
        return fresh(wish).handler_id is not None

    def test_nothing_stays_with_who_left(self) -> None:
        assert not any(self.left_behind() for _turn in range(5))

    def test_control_without_the_lock_it_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The one looks whether the office holds before it ends, and writes after the other has looked what is held."""
        looked, ended = threading.Event(), threading.Event()

        def unlocked(*ids: int) -> list[Any]:
            return [User.objects.get(pk=pk) for pk in ids]

        hand = handling._hand

        def late(record: Any, to: Any) -> None:
            looked.set()
            ended.wait(30)
            hand(record, to)

        def end_when_looked_at(user: User) -> None:
            looked.wait(30)
            end_office(user)
            ended.set()

        for module in (handling, offices):
            monkeypatch.setattr(module, "locked_accounts", unlocked)
        monkeypatch.setattr(handling, "_hand", late)
        here = scenes.scene()
        wish = scenes.ordered(here)
        race(partial(take, wish, here.worker), partial(end_when_looked_at, here.worker))
        assert fresh(wish).handler == here.worker
