"""The portal's own worker entry with a quicker clock, for ``celery -A tests.notices.workers``.

``RIG_WITHOUT_CLAIM`` takes the compare-and-swap off, for the control.
"""

import dataclasses
import datetime as dt
import os

from portal import celery
from portal.core import schedule
from portal.notices import outbox

SECOND = dt.timedelta(seconds=1)

app = celery.app
celery.KNOCK_AT_LEAST = SECOND
schedule._TASKS = {
    name: dataclasses.replace(task, every=SECOND) for name, task in schedule.declared().items() if task.queue == "post"
}
app.conf.beat_schedule = celery.beat_schedule()

if os.environ.get("RIG_WITHOUT_CLAIM") == "1":
    outbox._claimed = outbox._Claim
