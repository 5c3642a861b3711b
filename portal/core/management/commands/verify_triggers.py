"""``manage.py verify_triggers``: whether every append-only table is still held by its triggers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core import appendonly


class Command(BaseCommand):
    help = "Compare the declared append-only triggers with those installed."

    def handle(self, *args: Any, **options: Any) -> None:
        if missing := appendonly.verify():
            raise CommandError("missing or altered triggers (run manage.py migrate): " + ", ".join(missing))
        self.stdout.write(f"{len(appendonly.declared())} append-only tables are held.")
