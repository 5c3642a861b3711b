"""The workers' entry: ``celery -A portal.celery worker`` and ``celery -A portal.celery beat``.

Beat knocks at each task more often than it is due; whether it is due says its row (``core.schedule``), which one worker
claims. A message is therefore nothing but a knock: lost, repeated, late or delivered to two workers, it changes
nothing. What has to be done stands in the database before any message is sent.

Two queues: ``work`` for everything, ``post`` for what waits for other people's servers, so that a provider who does not
answer holds up no deadline. A worker takes both unless told otherwise (``-Q post``).
"""

import datetime as dt
import os
import time
from typing import Any

import django
import structlog
from celery import Celery, signals
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402 — models and rooms are there only after the setup

from portal.core import clock, schedule  # noqa: E402

log = structlog.get_logger(__name__)
RUN_IF_DUE, RUN_NOW = "portal.run_if_due", "portal.run_now"
KNOCK_AT_LEAST, KNOCK_AT_MOST = dt.timedelta(seconds=5), dt.timedelta(seconds=60)
# How long a request may wait for a broker that does not answer, in seconds, and how long none is asked afterwards.
HAND_OVER, SILENCE = 1.0, 60.0

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")


def queue_of(task: schedule.Periodic) -> str:
    """The queue that ``task`` waits in."""
    return task.queue or str(settings.CELERY_TASK_DEFAULT_QUEUE)


def knock_every(task: schedule.Periodic) -> dt.timedelta:
    """How often beat asks whether ``task`` is due: twice a period, every minute for the rare ones."""
    return min(max(task.every / 2, KNOCK_AT_LEAST), KNOCK_AT_MOST)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """One entry a declared task. A knock that nobody took until the next one is dropped: while workers are away, no
    queue grows."""
    return {
        name: {
            "task": RUN_IF_DUE,
            "schedule": knock_every(task),
            "args": (name,),
            "options": {"queue": queue_of(task), "expires": knock_every(task).total_seconds()},
        }
        for name, task in schedule.declared().items()
    }


@app.task(name=RUN_IF_DUE)
def run_if_due(name: str) -> None:
    """Run a periodic task where its row says that it is due and no other worker took it."""
    if name in schedule.declared():
        schedule.run_if_due(name, clock.now())


@app.task(name=RUN_NOW)
def run_now(name: str) -> None:
    """Run a task whose own rows say who does what, without waiting for its time."""
    if name in schedule.declared():
        schedule.run_now(name, clock.now())


app.conf.beat_schedule = beat_schedule()
app.conf.task_queues = [
    Queue(name)
    for name in dict.fromkeys([settings.CELERY_TASK_DEFAULT_QUEUE, *map(queue_of, schedule.declared().values())])
]


@signals.setup_logging.connect
def _keep_logging(**_settings: Any) -> None:
    """Logs are set up by the settings already: JSON lines, masked. Celery sets up its own where nobody answers here."""


class Waker:
    """Hands a knock to the broker from inside a web process, as best it can.

    One short attempt over a connection of its own; after a failure, said once, none for a minute. The schedule does
    what was not handed over.
    """

    def __init__(self, now: Any = time.monotonic) -> None:
        self._now = now
        self._silent_until = float("-inf")

    def __call__(self, name: str) -> None:
        if self._now() < self._silent_until:
            return
        try:
            self._knock(name)
        except Exception as error:  # noqa: BLE001 — whatever ails the broker, the request goes on
            self._silent_until = self._now() + SILENCE
            log.warning("broker does not answer, the schedule takes over", why=type(error).__name__)

    def _knock(self, name: str) -> None:
        patience = {"socket_connect_timeout": HAND_OVER, "socket_timeout": HAND_OVER, "retry_on_timeout": False}
        once = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
        options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **patience, **once}
        with app.connection_for_write(
            settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=HAND_OVER
        ) as connection:
            run_now.apply_async(
                args=(name,),
                connection=connection,
                queue=queue_of(schedule.declared()[name]),
                expires=SILENCE,
                retry=False,
            )


if settings.CELERY_BROKER_URL:
    schedule.install_waker(Waker())
