"""Guardianships and authorisations that had an end when the state came say so."""

from django.db import migrations


def write_ended(apps, schema_editor):
    """What has an end by now has ended; all the rest counts as confirmed."""
    for name in ("Guardianship", "Authorisation"):
        apps.get_model("people", name).objects.filter(until__isnull=False).update(state="ended")


class Migration(migrations.Migration):
    dependencies = [("people", "0012_relations_by_two_people")]

    operations = [migrations.RunPython(write_ended, migrations.RunPython.noop)]
