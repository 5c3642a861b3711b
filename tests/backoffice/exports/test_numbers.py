"""One series of export numbers: what went out keeps its own, a later one that shared it gets the next free."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from portal.backoffice.models import Export
from portal.core.models import NumberSeries

from . import desk

pytestmark = pytest.mark.django_db
migration = importlib.import_module("portal.backoffice.migrations.0002_one_series_of_numbers")


def test_no_two_exports_share_a_number(here, there) -> None:
    first, second = desk.ask(here.worker), desk.ask(there.worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=second.pk).update(number=first.number)


def test_what_was_handed_out_keeps_its_number_and_the_series_goes_on_behind_the_last(here) -> None:
    rows = [
        (1, "导2026-0001", None),
        (2, "导2026-0001", 5),
        (3, "导2026-0001", 5),
        (4, "导2026-0002", None),
        (5, "导2026-0002", None),
        (6, "导2025-0007", None),
    ]

    class Rows(list):
        def order_by(self, *_names):
            return self

        def values_list(self, *names, flat=False):
            return [3] if flat else list(self)

        def filter(self, *, pk):
            self.picked = pk
            return self

        def update(self, *, number):
            renumbered[self.picked] = number

    renumbered: dict[int, str] = {}

    class Old:
        objects = Rows(rows)

    class Apps:
        def get_model(self, app, name):
            return apps.get_model(app, name) if name == "NumberSeries" else Old

    migration.one_series(Apps(), None)
    assert renumbered == {2: "导2026-0003", 1: "导2026-0004", 5: "导2026-0005"}
    assert NumberSeries.objects.get(name="exports:2026").last == 5
    assert NumberSeries.objects.get(name="exports:2025").last == 7
