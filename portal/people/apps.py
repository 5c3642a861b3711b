from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "portal.people"
    label = "people"
    verbose_name = _("人员")

    def ready(self) -> None:
        from . import mfa  # noqa: F401 — its secrets take part in rotate_sealed
