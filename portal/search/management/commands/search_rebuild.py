"""``manage.py search_rebuild``: write the search index anew; with ``--check`` only say where it differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.search import keeping


class Command(BaseCommand):
    help = "Bring every entry of the search index up to date. The portal may go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the index differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        for source, entries in keeping.rebuild(self._progress if options["verbosity"] > 1 else _quiet).items():
            self.stdout.write(f"{source}: {entries}")

    def _progress(self, source: str, done: int) -> None:
        self.stdout.write(f"  {source}: {done} records read")

    def _check(self) -> None:
        """Counts and ids alone: no word of a record is printed."""
        wrong = [found for found in keeping.differences() if found]
        for found in wrong:
            counts = f"missing {found.missing}, stale {found.stale}, ghosts {found.ghosts} of {found.entries}"
            self.stderr.write(f"{found.source}: {counts}; some ids: {', '.join(map(str, found.some))}")
        if wrong:
            raise CommandError("the index differs from the records: run manage.py search_rebuild")
        self.stdout.write("The index is what the records say.")


def _quiet(_source: str, _done: int) -> None:
    """No progress is shown."""
