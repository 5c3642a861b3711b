from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "portal.places"
    label = "places"
    verbose_name = _("地方")

    def ready(self) -> None:
        from portal.core import options

        from .overrides import resolve

        options.install_resolver(resolve)
