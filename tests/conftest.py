"""What every test stands on. ``tests.databases`` runs the two phases, ``tests.network`` keeps tests on this machine,
``tests.browsers`` opens pages in Chromium; records come from ``tests.worlds``, races from ``tests.races``.

A test that touches the database says ``@pytest.mark.django_db`` (rolled back) or ``django_db(transaction=True)``
(really committed, then emptied). Mark ``postgres`` what can go otherwise there (constraints, triggers, search, dates,
locks), ``postgres(only=True)`` a race; ``.ci/run`` runs all of it there. Mark ``whole`` the repeat of a shorter walk.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase

from portal.core import sms

from . import seeds

pytest_plugins = ["tests.databases", "tests.network", "tests.browsers"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """The migrated database, with its seeds remembered."""
    with django_db_blocker.unblock():
        seeds.keep()


@pytest.fixture(scope="session", autouse=True)
def flush_through_the_door() -> Iterator[None]:
    """Django's own flush would meet the append-only triggers; ours goes by the door that retention uses."""

    def empty_all(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            seeds.empty(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield


@pytest.fixture(autouse=True)
def clean_process() -> Iterator[None]:
    """Nothing that one test left in this process (rate limits, text messages) reaches the next."""
    cache.clear()
    sms.RecordingBackend.sent.clear()
    yield
    cache.clear()


@pytest.fixture
def sms_sent():
    """The text messages sent in this test, oldest first: each has ``phone``, ``text`` and ``key``."""
    return sms.RecordingBackend.sent
