"""Writing the index anew, and finding where it differs; the database's own part of it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.search import installing, keeping
from portal.search.models import PublicEntry, ScopedEntry
from tests import seeds, worlds
from tests.wishes import scenes as wishes

from .scenes import differing, everything, public_ids, scoped_ids


@pytest.mark.django_db
@pytest.mark.postgres
class TestCommand:
    def test_it_mends_what_is_missing_stale_or_left_over(self):
        here = wishes.scene()
        wish = wishes.approved(here)
        standing = everything()
        PublicEntry.objects.all().delete()
        ScopedEntry.objects.filter(kind="person").update(title="别的")
        ScopedEntry.objects.filter(kind="volunteer").update(terms=frozenset({"别的"}))
        ScopedEntry.objects.create(kind="person", object_id=10**9, title="鬼", terms=frozenset({"鬼"}))
        ScopedEntry.objects.create(kind="gone", object_id=1, title="旧", terms=frozenset({"旧"}))
        assert len(differing()) == 5
        call_command("search_rebuild", stdout=io.StringIO())
        assert differing() == []
        assert everything() == standing
        assert public_ids("楼道灯") == [wish.pk]

    def test_the_check_fails_and_writes_nothing_and_no_word_of_a_record(self):
        worlds.person(worlds.community(), name="罗映雪")
        call_command("search_rebuild", "--check", stdout=io.StringIO())
        ScopedEntry.objects.filter(kind="person").delete()
        said = io.StringIO()
        with pytest.raises(CommandError):
            call_command("search_rebuild", "--check", stdout=said, stderr=said)
        assert "scopedentry.person: missing 1" in said.getvalue()
        assert "映雪" not in said.getvalue()
        assert not ScopedEntry.objects.filter(kind="person").exists()

    def test_it_goes_over_more_than_a_batch(self, monkeypatch):
        monkeypatch.setattr(keeping, "BATCH", 3)
        here = worlds.community()
        people = [worlds.person(here, name=f"罗映{char}") for char in "一二三四五六七八"]
        ScopedEntry.objects.all().delete()
        keeping.rebuild()
        assert sorted(scoped_ids("罗映", worlds.administrator())) == [person.pk for person in people]
        assert differing() == []

    def test_an_empty_database_has_nothing_to_say(self):
        assert differing() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_emptying_the_tables_leaves_no_ghost():
    """The next record may get the number of an old one: it must not be found by the old one's words."""
    old = worlds.team(worlds.community(), name="守护一队")
    seeds.empty()
    admin = worlds.administrator()
    assert scoped_ids("守护", admin, "team") == []
    new = worlds.team(worlds.community(), name="晨练队", pk=old.pk)
    entry = ScopedEntry.objects.get(kind="team", object_id=new.pk)
    assert scoped_ids("守护", admin, "team") == []
    assert scoped_ids("晨练", admin, "team") == [new.pk]
    ScopedEntry.objects.filter(pk=entry.pk).update(terms=frozenset({"@kteam", "别的"}))
    assert scoped_ids("晨练", admin, "team") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_what_a_migration_took_away_is_put_back():
    team = worlds.team(worlds.community(), name="守护一队")
    table = ScopedEntry._meta.db_table
    with connection.cursor() as cursor:
        broken = (
            f'DROP INDEX "{table}_gin"' if connection.vendor == "postgresql" else f'DROP TRIGGER "{table}_fts_delete"'
        )
        cursor.execute(broken)
    assert not installing._stands(connection, table)
    installing.install()
    assert installing._stands(connection, table)
    assert scoped_ids("守护", worlds.administrator(), "team") == [team.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_it_goes_away_and_comes_back_with_its_entries():
    team = worlds.team(worlds.community(), name="守护一队")
    with transaction.atomic():
        installing.uninstall()
        installing.install()
    assert scoped_ids("守护", worlds.administrator(), "team") == [team.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_what_was_erased_stands_in_no_piece_of_the_index_after_tidying():
    with connection.cursor() as cursor:
        person = worlds.person(worlds.community(), name="罗映雪")
        ScopedEntry.objects.filter(object_id=person.pk).delete()
        installing.tidy()
        cursor.execute(
            f'SELECT count(*) FROM "{ScopedEntry._meta.db_table}_fts_data" WHERE instr(block, ?) > 0'.replace(
                "?", "%s"
            ),
            [("罗映".encode().hex()).encode()],
        )
        assert cursor.fetchone()[0] == 0
