"""Numbers that people quote: gapless ones where a series must be complete, random ones where a count must not show."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from .luhn import check_digit
from .models import NumberSeries


def next_number(series: str) -> int:
    """The next number of ``series``, from 1, without a gap.

    Must run in the transaction that uses the number: the series' row stays locked until it ends, and a rollback gives
    the number back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a gapless number is taken inside the transaction that uses it")
    NumberSeries.objects.bulk_create([NumberSeries(name=series)], ignore_conflicts=True)
    row = NumberSeries.objects.select_for_update().get(name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def public_code() -> str:
    """A nine-digit code for a public record: random, so it reveals no count; its last digit checks the others.

    Two codes can meet; the column is unique, and ``save_under_code`` draws again.
    """
    digits = str(secrets.randbelow(9 * 10**7) + 10**7)
    return digits + check_digit(digits)


def save_under_code(row: Any, *, tries: int = 5) -> None:
    """Save the new ``row`` under a fresh public code in its unique column ``code``; one that is taken is drawn again.

    IntegrityError where that does not help within ``tries``, and at once where another constraint stands against it.
    """
    for attempt in range(tries):
        row.code = public_code()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return
        except IntegrityError:
            if attempt == tries - 1 or not type(row)._base_manager.filter(code=row.code).exists():
                raise


def is_public_code(code: str) -> bool:
    """Whether ``code`` is nine ASCII digits that check."""
    return len(code) == 9 and code.isascii() and code.isdigit() and check_digit(code[:-1]) == code[-1]


def spaced(code: str) -> str:
    """``483177020`` → ``483 177 020``, as it is read out on the phone."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))
