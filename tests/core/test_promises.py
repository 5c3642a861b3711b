"""A last day: a promise while it is ahead, never one when it has passed. An address: its building, never its door."""

import datetime as dt

import pytest

from portal.core import clock
from portal.core.masking import mask_address
from portal.core.promises import days_over, promised, term_words

AHEAD, PAST = "会在%(day)s前办", "本应在%(day)s前办，已超期%(days)d天"


@pytest.mark.parametrize("days", [0, 1, 30])
def test_ahead_it_is_a_promise(days: int) -> None:
    said = promised(clock.today() + dt.timedelta(days=days), ahead=AHEAD, past=PAST)
    assert said.startswith("会在") and "超期" not in said


@pytest.mark.parametrize("days", [1, 2, 400])
def test_past_it_is_none(days: int) -> None:
    day = clock.today() - dt.timedelta(days=days)
    assert promised(day, ahead=AHEAD, past=PAST).endswith(f"已超期{days}天")
    assert days_over(day) == days
    assert term_words(day).endswith(f"，超期 {days} 天")


def test_without_a_day_nothing_is_said() -> None:
    assert promised(None, ahead=AHEAD, past=PAST) == ""


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("袁家湾社区3栋2单元501", "袁家湾社区3栋***"),
        ("2栋201", "2栋***"),
        ("五公司小区15栋1单元201（靠近人民路9栋）", "五公司小区15栋***"),
        ("城北路128号3栋601", "城北路128号3栋***"),
        ("袁家湾社区12号", "袁家湾社区***"),
        ("501室3栋", "***"),
        ("3-2-501", "***"),
        ("人民路12号", "***"),
    ],
)
def test_an_address_keeps_its_building_and_hides_its_door(address: str, masked: str) -> None:
    assert mask_address(address) == masked
