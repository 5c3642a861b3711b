"""``manage.py tick``: run all scheduled work that is due, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core import clock, schedule


class Command(BaseCommand):
    help = "Run every scheduled task that is due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        results = schedule.run_due(clock.now())
        for name, result in results.items():
            self.stdout.write(f"{name}: {result}")
        if failed := [name for name, result in results.items() if result != "ok"]:
            raise CommandError(f"failed: {', '.join(failed)}")
