"""Bounds of exports, and what a community decides for itself."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

BUILD = "backoffice.build_exports"  # the task that makes the files
MOST_ROWS = 50_000
MOST_BYTES = 100 * 1024 * 1024
KEPT = dt.timedelta(days=365)  # purpose and filters; who asked for what and who approved stays

READY_HOURS = declare(
    Option("backoffice.export_hours", _("导出文件可以下载多久"), 72, minimum=1, maximum=240, unit=_("小时"))
)
DOWNLOADS = declare(
    Option("backoffice.export_downloads", _("导出文件最多下载几次"), 3, minimum=1, maximum=10, unit=_("次"))
)
WAIT_DAYS = declare(
    Option("backoffice.export_wait_days", _("导出申请最多等几天"), 7, minimum=1, maximum=30, unit=_("天"))
)
