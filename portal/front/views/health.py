"""``/healthz``: whether this process can serve. Names of checks and a word for each, nothing that helps a stranger."""

import datetime as dt

import structlog
from django.db import Error, connection
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal.core import appendonly, clock
from portal.core.models import ScheduledRun

SCHEDULER_LATE_AFTER = dt.timedelta(minutes=10)
log = structlog.get_logger(__name__)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return "ok"


def _triggers() -> str:
    missing = appendonly.verify()
    if missing:
        log.error("append-only triggers are missing", triggers=missing)
    return "failing" if missing else "ok"


def _scheduler() -> str:
    """``late`` is a warning: this process serves all the same, but somebody should look at the clock."""
    last = ScheduledRun.objects.aggregate(last=Max("last_started"))["last"]
    return "ok" if last is not None and clock.now() - last < SCHEDULER_LATE_AFTER else "late"


def _checked() -> dict[str, str]:
    """Each check's word; the first that the database refuses ends the round, and the rest are unknown."""
    words = {"database": "unknown", "triggers": "unknown", "scheduler": "unknown"}
    for name, check in (("database", _database), ("triggers", _triggers), ("scheduler", _scheduler)):
        try:
            words[name] = check()
        except Error:
            log.exception("health check failed", check=name)
            words[name] = "failing"
            break
    return words


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while the database answers and every append-only table is held by its triggers, 503 otherwise."""
    words = _checked()
    fit = words["database"] == words["triggers"] == "ok" and words["scheduler"] in {"ok", "late"}
    answer = JsonResponse({"status": "ok" if fit else "failing", "checks": words}, status=200 if fit else 503)
    answer["Cache-Control"] = "no-store"
    return answer
