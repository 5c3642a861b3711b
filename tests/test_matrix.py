"""Every address of the portal, for every role. An address that no row names fails here, and so does a row without one.

To add an address, add its line to ``tests/matrix/rows.py``; a page of the desk, its model to ``desk_rows.py``.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction

from tests.matrix import desk_rows, rows, world
from tests.matrix.grid import addresses, ask, faults, row

MATRIX = {**rows.ROOMS, **desk_rows.rooms()}
NAMED = {line.name for lines in MATRIX.values() for line in lines}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[world.World]:
    """Built once for the tests of this file, inside one transaction that is never committed; what a request changes is
    taken back by whoever asks."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


def test_every_address_stands_in_the_matrix():
    missing = sorted(set(addresses()) - NAMED)
    assert not missing, "addresses that no row of tests/matrix names"


def test_no_row_names_an_address_that_is_gone():
    assert not sorted(NAMED - set(addresses()))


def test_every_model_of_the_desk_and_every_act_stands_in_the_matrix():
    pages = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
    assert set(pages) == set(desk_rows.MODELS)
    for label, page in pages.items():
        assert {act.name for act in getattr(page, "acts", ())} == set(desk_rows.MODELS[label].acts), label


@pytest.mark.parametrize("room", MATRIX)
def test_each_role_gets_what_the_matrix_says(room, built):
    found = faults(MATRIX[room], built)
    assert not found, "\n" + "\n".join(found)


def test_what_takes_a_post_has_a_row_that_posts(built):
    """Where no row posts, a POST is not taken, whoever sends it."""
    clients = {"resident": world.worlds.client_for(built.users["resident"], raise_request_exception=False)}
    posted = {line.name for lines in MATRIX.values() for line in lines if line.method == "POST"}
    silent = [line for room in rows.ROOMS for line in MATRIX[room] if line.name not in posted]
    assert silent
    for line in silent:
        answer = ask(row(line.name, "405", "POST", url=line.url), "resident", built, clients)
        assert answer == "405", f"{line.name} takes a POST ({answer}) and has no row for it"


def test_control_a_wrong_expectation_is_found_and_nothing_is_left_changed(built):
    wrong = [
        row("front:me", "200"),
        row("wishes:withdraw", "in 404", "POST", at=lambda made: {"code": made.wishes.new.code}),
    ]
    found = faults(wrong, built)
    assert len(found) == 2
    assert "anonymous got in, not 200" in found[0]
    assert "resident got 302, not 404" in found[1]
    with transaction.atomic():
        built.wishes.new.refresh_from_db()
        assert built.wishes.new.state == "pending_review"


def test_a_line_with_too_few_answers_is_no_line():
    with pytest.raises(ValueError, match="3 answers for 9 roles"):
        row("front:me", "in 200 404")
