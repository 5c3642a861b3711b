"""The database holds that a kind of office is in force only at the levels where it belongs."""

from django.db import migrations, models

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


class Migration(migrations.Migration):
    dependencies = [("people", "0009_offices_at_their_level")]

    operations = [
        migrations.AddConstraint(
            model_name="role",
            constraint=models.CheckConstraint(
                condition=models.Q(until__isnull=False) | PLACED, name="role_in_force_at_its_level"
            ),
        ),
    ]
