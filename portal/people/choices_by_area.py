"""What a community decides for itself about its people."""

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

CONFIRM_DAYS = declare(
    Option("people.confirm_days", _("住处和房屋登记确认期限"), 5, minimum=1, maximum=60, unit=_("天"))
)
