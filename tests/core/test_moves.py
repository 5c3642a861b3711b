"""State changes: a property of every table of moves, the refusals, and the subscribers."""

import datetime as dt
from unittest.mock import patch

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from alliance.volunteers.models import Volunteer
from portal.core import clock, moves
from portal.core.models import Remark, Transition
from portal.core.moves import Move, MoveRefused, MoveTable, Stateful
from tests import worlds

STATES = ["asked", "seen", "given", "kept", "gone"]
AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
STATEFUL = [model for model in apps.get_models() if issubclass(model, Stateful)]


@st.composite
def tables(draw):
    """Any table of up to eight moves over five states."""
    made = []
    for number in range(draw(st.integers(min_value=1, max_value=8))):
        sources = draw(st.sets(st.sampled_from(STATES), min_size=1))
        made.append(Move(f"m{number}", sources, draw(st.sampled_from(STATES)), "步骤", draw(st.booleans())))
    return MoveTable.of(*made)


class AnyTable(TestCase):
    """The carrier is a volunteer, because its ``state`` column takes any word; the table is made up."""

    @given(table=tables(), walk=st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=12))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_move_succeeds_exactly_from_its_sources_and_its_record_has_no_gap(self, table, walk):
        subject = worlds.volunteer(worlds.community(), state=STATES[0])
        moves.begin(subject, actor_id=1, actor_part="staff", at=AT)
        names = list(table.moves)
        done = []
        with patch.object(Volunteer, "MOVES", table):
            for number, with_reason in walk:
                edge = table[names[number % len(names)]]
                before = Volunteer.objects.get(pk=subject.pk)
                count = Transition.objects.count()
                allowed = before.state in edge.sources and (with_reason or not edge.needs_reason)
                try:
                    moves.move(
                        subject, edge.name, actor_id=1, actor_part="staff", at=AT, reason="因故" if with_reason else " "
                    )
                except MoveRefused as refusal:
                    after = Volunteer.objects.get(pk=subject.pk)
                    assert not allowed
                    assert refusal.state == before.state == after.state == subject.state
                    assert after.state_since == before.state_since
                    assert Transition.objects.count() == count
                else:
                    assert allowed
                    done.append((before.state, edge.target, with_reason))
                    assert Volunteer.objects.get(pk=subject.pk).state == subject.state == edge.target
        rows = list(subject.transitions())[1:]
        assert [(row.source, row.target, hasattr(row, "remark")) for row in rows] == done
        assert [row.source for row in rows] == [STATES[0], *[row.target for row in rows]][: len(rows)]


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model._meta.label)
def test_a_real_table_speaks_of_real_states(model):
    states = {str(value) for value, _label in model._meta.get_field("state").choices}
    reached = {str(model._meta.get_field("state").default)}
    for edge in model.MOVES.moves.values():
        assert edge.sources <= states
        assert edge.target in states
        assert str(edge.label), "its record says something to a person"
        reached.add(edge.target)
    assert reached == states, "every state is entered by the table"


def test_two_moves_of_one_name_are_no_table():
    with pytest.raises(ValueError, match="share a name"):
        MoveTable.of(Move("a", ["x"], "y", ""), Move("a", ["y"], "x", ""))


def test_reading_a_table():
    table = MoveTable.of(Move("a", ["x", "y"], "z", ""), Move("b", ["y"], "x", ""))
    assert [move.name for move in table.from_state("y")] == ["a", "b"]
    assert table.final_states(["x", "y", "z"]) == {"z"}


@pytest.fixture
def applicant(db):
    return worlds.volunteer(worlds.community(), active=False)


def test_who_comes_second_is_refused_and_changes_nothing(applicant):
    stale = Volunteer.objects.get(pk=applicant.pk)
    moves.move(applicant, "accept", actor_id=1, actor_part="staff", at=AT)
    with pytest.raises(MoveRefused, match="刚刚有人先办了这一步"):
        moves.move(stale, "leave", actor_id=2, actor_part="staff", at=AT, reason="不来了")
    assert [row.name for row in applicant.transitions()] == ["accept"]
    assert not Remark.objects.exists()
    assert stale.state == Volunteer.State.APPLIED, "the refused copy was not touched in memory either"


def test_who_saw_the_state_before_it_was_left_and_entered_again_is_refused(applicant):
    stale = Volunteer.objects.get(pk=applicant.pk)
    for name, hours in (("leave", 1), ("apply_again", 2)):
        moves.move(applicant, name, actor_id=1, actor_part="staff", at=AT + dt.timedelta(hours=hours))
    assert applicant.state == stale.state
    with pytest.raises(MoveRefused, match="刚刚有人先办了这一步"):
        moves.move(stale, "accept", actor_id=2, actor_part="staff", at=AT)
    assert Volunteer.objects.get(pk=applicant.pk).state == Volunteer.State.APPLIED


def test_a_guard_that_does_not_hold_refuses(applicant):
    with pytest.raises(MoveRefused):
        moves.move(
            applicant,
            "accept",
            actor_id=1,
            actor_part="staff",
            at=AT,
            guard=moves.models.Q(homes_cleared_on__year=1999),
        )
    applicant.refresh_from_db()
    assert applicant.state == Volunteer.State.APPLIED


def test_a_move_that_needs_its_reason_is_refused_without_one(applicant):
    with pytest.raises(MoveRefused, match="请写明理由"):
        moves.move(applicant, "refuse", actor_id=1, actor_part="staff", at=AT, reason=" \n")
    transition = moves.move(applicant, "refuse", actor_id=1, actor_part="staff", at=AT, reason="  年龄不合 ")
    assert transition.remark.text == "年龄不合"


def test_changes_and_term_are_written_with_the_move_and_carried_by_the_subject(applicant):
    day = clock.local_day(AT)
    moves.move(
        applicant,
        "accept",
        actor_id=7,
        actor_part="staff",
        at=AT,
        due_on=day,
        changes={"homes_cleared_on": day},
    )
    stored = Volunteer.objects.get(pk=applicant.pk)
    for copy in (applicant, stored):
        assert (copy.state, copy.state_since, copy.due_on, copy.homes_cleared_on) == ("active", AT, day, day)
    row = applicant.transitions().get()
    assert (row.source, row.target, row.actor_id, row.actor_part, row.at, row.due_on) == (
        "applied",
        "active",
        7,
        "staff",
        AT,
        day,
    )


def test_subscribers_act_inside_the_move_and_can_undo_it(applicant, monkeypatch):
    monkeypatch.setattr(moves, "_HANDLERS", type(moves._HANDLERS)(list))
    heard = []

    @moves.on_move("volunteers.Volunteer", "accept")
    def hears_one(subject, transition):
        heard.append(("one", subject.state, transition.name))

    @moves.on_move("volunteers.volunteer")
    def hears_all(subject, transition):
        heard.append(("all", subject.state, transition.name))
        if transition.name == "suspend":
            raise RuntimeError("no")

    moves.move(applicant, "accept", actor_id=1, actor_part="staff", at=AT)
    assert heard == [("one", "active", "accept"), ("all", "active", "accept")]
    with pytest.raises(RuntimeError):
        moves.move(applicant, "suspend", actor_id=1, actor_part="staff", at=AT, reason="休息")
    assert Volunteer.objects.get(pk=applicant.pk).state == applicant.state == "active", "in memory it is undone too"
    assert [row.name for row in applicant.transitions()] == ["accept"]
