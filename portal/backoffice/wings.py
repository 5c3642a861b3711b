"""The four wings of the house by their Chinese names, and the models of a page's app list grouped by them."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

WINGS = {
    "services": _("服务与自治"),
    "alliance": _("益+亲联盟"),
    "landlords": _("自建房与房东"),
    "portal": _("基础资料"),
}


def by_wing(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``app_list`` of an AdminSite as wings, each with its apps; a wing without any is left out."""
    wings: dict[str, list[dict[str, Any]]] = {key: [] for key in WINGS}
    for app in app_list:
        package = apps.get_app_config(app["app_label"]).name.split(".")[0]
        wings[package if package in wings else "portal"].append(app)
    return [{"id": key, "name": WINGS[key], "apps": found} for key, found in wings.items() if found]
