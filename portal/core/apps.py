"""The ground floor: mechanisms without a domain word. It reads every room's registrations once all apps are there."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

# What a room may bring; each file is optional and is imported once at start.
ROOM_MODULES = (
    "choices_by_area",
    "figures",
    "charts",
    "tiles",
    "todo",
    "processing",
    "readers",
    "texts",
    "reactions",
    "searching",
    "dossier",
    "handing",
    "exporting",
    "tasks",
)


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = _("底座")

    def ready(self) -> None:
        from . import appendonly, words

        words.install()
        autodiscover_modules(*ROOM_MODULES)
        # A table rebuilt by a migration has lost its triggers on SQLite; they are put back after every migrate.
        post_migrate.connect(appendonly.reinstall_after_migrate, dispatch_uid="core.appendonly")
