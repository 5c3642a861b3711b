from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("查找")

    def ready(self) -> None:
        from . import installing

        post_migrate.connect(installing.install_after_migrate, dispatch_uid="search.installing")
