"""The back office: our own AdminSite in place of Django's default one."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "portal.backoffice"
    label = "backoffice"
    verbose_name = _("后台")

    def ready(self) -> None:
        from . import words, yesno  # noqa: F401 — words names the verbs of the rooms below

        yesno.install()


class SiteConfig(AdminConfig):
    default_site = "portal.backoffice.site.BackofficeSite"
