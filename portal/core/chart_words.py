"""What a picture of numbers says, in a sentence or two: for who cannot see it, and for who has no time to."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

Numbers = Sequence[Fraction | None]
Amount = Callable[[Fraction], str]
_NAMED = 3  # of several that share the first place so many are named


def _names(labels: list[str]) -> str:
    """“4月”, “4月和9月”, “4月、5月和9月”, “4月等 5 项”"""
    if len(labels) == 1:
        return labels[0]
    if len(labels) <= _NAMED:
        return _("%(first)s和%(last)s") % {"first": "、".join(labels[:-1]), "last": labels[-1]}
    return _("%(first)s等 %(count)d 项") % {"first": labels[0], "count": len(labels)}


def _place(word: str, labels: Sequence[str], values: Numbers, wanted: Fraction, amount: Amount) -> str:
    """最高的是5月，8 件"""
    own = [label for label, value in zip(labels, values, strict=True) if value == wanted]
    all_of_them = _("都是 ") if len(own) > 1 else ""
    return f"{word}{_names(own)}，{all_of_them}{amount(wanted)}"


def _ends(labels: Sequence[str], values: Numbers, amount: Amount, *, line: bool, running: str = "") -> str:
    """The highest and the lowest; nothing where all are the same. What is still ``running`` may be the highest, and is
    none of the lowest: what it stands at is said apart."""
    said = [*labels[:-1], running] if running else labels
    over = values[:-1] if running else values
    known = [value for value in over if value is not None]
    so_far = values[-1] if running else None
    leads = so_far is not None and (not known or so_far > max(known))
    tail = (
        ""
        if so_far is None or leads
        else _("%(running)s %(amount)s。") % {"running": running, "amount": amount(so_far)}
    )
    if not known or (min(known) == max(known) and not leads):
        return tail
    high, low = (_("最高的是"), _("最低的是")) if line else (_("最多的是"), _("最少的是"))
    most = so_far if leads and so_far is not None else max(known)
    top = _place(high, said, values if leads else [*over, *([None] if running else [])], most, amount)
    lowest = known.count(min(known))
    others = len(known) - (0 if leads else known.count(max(known)))
    if lowest == others and (lowest > 1 or leads):
        bottom = _("其余都是 %(amount)s") % {"amount": amount(min(known))}
    else:
        bottom = _place(low, said, [*over, *([None] if running else [])], min(known), amount)
    return f"{top}；{bottom}。{tail}"


def _way(labels: Sequence[str], values: Numbers, amount: Amount) -> str:
    """From the first number to the last: more or less; nothing where they are the same."""
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    (first, start), (last, end) = known[0], known[-1]
    said = {"first": first, "start": amount(start), "last": last, "end": amount(end), "by": amount(abs(end - start))}
    if end > start:
        return _("%(first)s是 %(start)s，%(last)s是 %(end)s，多了 %(by)s。") % said
    if end < start:
        return _("%(first)s是 %(start)s，%(last)s是 %(end)s，少了 %(by)s。") % said
    return ""


def one(labels: Sequence[str], values: Numbers, amount: Amount, *, line: bool, adds_up: bool, running: str = "") -> str:
    """A single series: the total where there is one, the way from the first to the last, the highest and lowest."""
    known = [value for value in values if value is not None]
    if not known:
        return _("没有数据。")
    if len(known) == 1:
        label = next(label for label, value in zip(labels, values, strict=True) if value is not None)
        return _("只有一个数：%(label)s，%(amount)s。") % {"label": label, "amount": amount(known[0])}
    if min(known) == max(known):
        return _("%(count)d 项都是 %(amount)s。") % {"count": len(known), "amount": amount(known[0])}
    total = _("一共 %(amount)s。") % {"amount": amount(sum(known, Fraction(0)))} if adds_up else ""
    way = _way(labels, values, amount) if line and not running else ""
    return total + way + _ends(labels, values, amount, line=line, running=running)


def stacked(labels: Sequence[str], series: Sequence[tuple[str, Numbers]], amount: Amount, *, running: str = "") -> str:
    """Parts of a whole: what each part comes to, and which whole is the largest."""
    parts = [(name, sum((value for value in values if value is not None), Fraction(0))) for name, values in series]
    totals = sums([values for _name, values in series])
    known = [value for value in totals if value is not None]
    if not known:
        return _("没有数据。")
    whole = _("一共 %(amount)s") % {"amount": amount(sum(known, Fraction(0)))}
    listed = "，".join(f"{name} {amount(part)}" for name, part in parts)
    ends = _ends(labels, totals, amount, line=False, running=running) if min(known) != max(known) else ""
    return _("%(whole)s，其中%(parts)s。") % {"whole": whole, "parts": listed} + ends


def sums(series: Sequence[Numbers]) -> list[Fraction | None]:
    """Label by label, what the known numbers of all series come to; None where none of them is known."""
    found: list[Fraction | None] = []
    for column in zip(*series, strict=True):
        known = [value for value in column if value is not None]
        found.append(sum(known, Fraction(0)) if known else None)
    return found


def say(
    labels: Sequence[str],
    series: Sequence[tuple[str, Numbers]],
    amount: Amount,
    *,
    shape: str,
    adds_up: bool,
    running: str = "",
) -> str:
    """The main thing of a chart, whatever its shape, and how many of its numbers nobody knows."""
    missing = sum(value is None for _name, values in series for value in values)
    if shape == "stacked":
        said = stacked(labels, series, amount, running=running)
    elif len(series) == 1:
        said = one(labels, series[0][1], amount, line=shape == "line", adds_up=adds_up, running=running)
    else:
        lines = (
            f"{name}：{one(labels, values, amount, line=shape == 'line', adds_up=adds_up, running=running)}"
            for name, values in series
        )
        said = "".join(lines)
    return said + (_("有 %(count)d 项没有数据。") % {"count": missing} if missing else "")
