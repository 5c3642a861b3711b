"""One series of export numbers a year, for the whole database: until now each area counted for itself.

What went out under its number keeps it. Of several that share one, the first that was handed out, else the first built,
else the oldest, stays; the others get the next free numbers of their year.
"""

import re
from collections import defaultdict
from typing import Any

from django.db import migrations

_NUMBER = re.compile(r"导(\d{4})-(\d+)")


def one_series(apps: Any, _schema: Any) -> None:
    """Renumber what the constraint cannot hold, and begin each year's series behind its last number."""
    exports: Any = apps.get_model("backoffice", "Export")
    series: Any = apps.get_model("core", "NumberSeries")
    fetched = set(apps.get_model("backoffice", "ExportDownload").objects.values_list("export", flat=True))
    shared, last = defaultdict(list), defaultdict(int)
    for pk, number, rows in exports.objects.order_by("pk").values_list("pk", "number", "rows_total"):
        shared[number].append((pk not in fetched, rows is None, pk))
        if found := _NUMBER.fullmatch(number):
            last[found[1]] = max(last[found[1]], int(found[2]))
    for number, rows in sorted(shared.items()):
        for _fetched, _built, pk in sorted(rows)[1:]:
            year = number[1:5]
            last[year] += 1
            exports.objects.filter(pk=pk).update(number=f"导{year}-{last[year]:04d}")
    for year, count in last.items():
        series.objects.update_or_create(name=f"exports:{year}", defaults={"last": count})


class Migration(migrations.Migration):
    dependencies = [("backoffice", "0001_exports"), ("core", "0004_read_by_index")]
    operations = [migrations.RunPython(one_series, migrations.RunPython.noop)]
