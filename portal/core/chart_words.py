"""What a picture of numbers says, in a sentence or two: for who cannot see it, and for who has no time to."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

Numbers = Sequence[Fraction | None]
Amount = Callable[[Fraction], str]
_NAMED = 2  # of several that share the first place so many are named


def _names(labels: list[str]) -> str:
    if len(labels) <= _NAMED:
        return "、".join(labels)
    return _("%(first)s等 %(count)d 项") % {"first": labels[0], "count": len(labels)}


def _place(word: str, labels: Sequence[str], values: Numbers, wanted: Fraction, amount: Amount) -> str:
    """最高：5月，8 件"""
    own = [label for label, value in zip(labels, values, strict=True) if value == wanted]
    each = _("各 ") if len(own) > 1 else ""
    return f"{word}：{_names(own)}，{each}{amount(wanted)}"


def _ends(labels: Sequence[str], values: Numbers, amount: Amount, *, line: bool) -> str:
    """The highest and the lowest."""
    known = [value for value in values if value is not None]
    high, low = (_("最高"), _("最低")) if line else (_("最多"), _("最少"))
    top = _place(high, labels, values, max(known), amount)
    bottom = _place(low, labels, values, min(known), amount)
    return f"{top}；{bottom}。"


def _way(labels: Sequence[str], values: Numbers, amount: Amount) -> str:
    """From the first number to the last: more, less or the same."""
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    (first, start), (last, end) = known[0], known[-1]
    said = {"first": first, "start": amount(start), "last": last, "end": amount(end), "by": amount(abs(end - start))}
    if end > start:
        return _("从%(first)s的 %(start)s到%(last)s的 %(end)s，多了 %(by)s。") % said
    if end < start:
        return _("从%(first)s的 %(start)s到%(last)s的 %(end)s，少了 %(by)s。") % said
    return _("%(first)s和%(last)s都是 %(end)s。") % said


def one(labels: Sequence[str], values: Numbers, amount: Amount, *, line: bool, adds_up: bool) -> str:
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
    return total + (_way(labels, values, amount) if line else "") + _ends(labels, values, amount, line=line)


def stacked(labels: Sequence[str], series: Sequence[tuple[str, Numbers]], amount: Amount) -> str:
    """Parts of a whole: what each part comes to, and which whole is the largest."""
    parts = [(name, sum((value for value in values if value is not None), Fraction(0))) for name, values in series]
    totals = sums([values for _name, values in series])
    known = [value for value in totals if value is not None]
    if not known:
        return _("没有数据。")
    whole = _("一共 %(amount)s") % {"amount": amount(sum(known, Fraction(0)))}
    listed = "、".join(f"{name} {amount(part)}" for name, part in parts)
    ends = _ends(labels, totals, amount, line=False) if min(known) != max(known) else ""
    return f"{whole}：{listed}。{ends}"


def sums(series: Sequence[Numbers]) -> list[Fraction | None]:
    """Label by label, what the known numbers of all series come to; None where none of them is known."""
    found: list[Fraction | None] = []
    for column in zip(*series, strict=True):
        known = [value for value in column if value is not None]
        found.append(sum(known, Fraction(0)) if known else None)
    return found


def say(
    labels: Sequence[str], series: Sequence[tuple[str, Numbers]], amount: Amount, *, shape: str, adds_up: bool
) -> str:
    """The main thing of a chart, whatever its shape, and how many of its numbers nobody knows."""
    missing = sum(value is None for _name, values in series for value in values)
    if shape == "stacked":
        said = stacked(labels, series, amount)
    elif len(series) == 1:
        said = one(labels, series[0][1], amount, line=shape == "line", adds_up=adds_up)
    else:
        lines = (
            f"{name}：{one(labels, values, amount, line=shape == 'line', adds_up=adds_up)}" for name, values in series
        )
        said = "".join(lines)
    return said + (_("有 %(count)d 项没有数据。") % {"count": missing} if missing else "")
