"""An office is in force only at the levels where its kind is held. One given elsewhere before there was the rule (a
网格员 of a whole community, a 社区负责人 of a grid) opened what it should not: it ends now, and the record says so.

A migration of its own: what it writes must be settled before the table gets its constraint."""

from django.db import migrations, models
from django.utils import timezone

LEVELS = ("city", "district", "subdistrict", "community", "grid")
HELD_AT = {
    "worker": ["community"],
    "head": ["community"],
    "grid_worker": ["grid"],
    "grid_head": ["grid"],
    "branch_secretary": ["community", "grid"],
    "counsellor": ["subdistrict", "community"],
    "mediator": ["subdistrict", "community"],
    "supervisor": ["city", "district", "subdistrict"],
    "privacy_officer": ["city", "district", "subdistrict", "community"],
}
PLACED = models.Q()
for kind, levels in HELD_AT.items():
    PLACED |= models.Q(kind=kind, level__in=levels)


def write_levels(apps, schema_editor):
    """The level of each office's area, and the end of what is held where it cannot be."""
    role, entry = apps.get_model("people", "Role"), apps.get_model("core", "AuditEntry")
    for level in LEVELS:
        role.objects.filter(area__level=level).update(level=level)
    now = timezone.now()
    for row in role.objects.filter(until__isnull=True).exclude(PLACED).order_by("pk"):
        role.objects.filter(pk=row.pk).update(until=max(row.since, now))
        entry.objects.create(
            verb="role.ended",
            actor_id=None,
            subject_type="people.role",
            subject_id=row.pk,
            at=now,
            details={"user": row.user_id, "area": row.area_id, "kind": row.kind},
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0003_saved_filters"), ("people", "0008_level_of_offices")]

    operations = [migrations.RunPython(write_levels, migrations.RunPython.noop)]
