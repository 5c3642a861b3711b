"""Scheduled work of the ground floor: what has expired goes by itself."""

import datetime as dt

import structlog

from . import files
from .registries import purposes
from .schedule import periodic

log = structlog.get_logger(__name__)


@periodic("core.sweep_files", every=dt.timedelta(days=1))
def sweep_files(at: dt.datetime) -> int:
    """Erase content of files whose rows were never committed; returns how many went."""
    return files.sweep(at=at)


@periodic("core.erase", every=dt.timedelta(hours=1))
def erase(at: dt.datetime) -> int:
    """Erase what the register of processing says is due, purpose by purpose; returns how many records it touched.

    One purpose that fails does not keep the others' data a day longer: they run, and then the failure is the task's.
    """
    touched, failures = 0, []
    for purpose in purposes:
        if purpose.erase is None:
            continue
        try:
            touched += purpose.erase(at)
        except Exception as error:
            log.exception("purpose not erased", purpose=purpose.id)
            failures.append(error)
    if failures:
        raise failures[0]
    return touched
