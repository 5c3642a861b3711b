"""Text messages were switched on by a switch with the same words around it; from now on each such switch is a consent
on record. Who has it on agreed at the moment that the audit trail names, or when the account was made."""

from django.db import migrations

PURPOSE, VERSION = "notices.sms", "2026-11-a"
BATCH = 500


def record_consents(apps, schema_editor):
    """One row for each account that gets text messages and belongs to a person; nothing twice."""
    user = apps.get_model("people", "User")
    consent = apps.get_model("people", "ConsentRecord")
    entry = apps.get_model("core", "AuditEntry")
    switched_on = user.objects.filter(sms_notices=True, person__isnull=False).exclude(
        person__in=consent.objects.filter(purpose=PURPOSE).values("person")
    )
    last = 0
    while found := list(switched_on.filter(pk__gt=last).order_by("pk").values("pk", "person", "date_joined")[:BATCH]):
        last = found[-1]["pk"]
        said = dict(
            entry.objects.filter(verb="account.sms_notices", actor_id__in=[row["pk"] for row in found])
            .order_by("pk")
            .values_list("actor_id", "at")
        )
        consent.objects.bulk_create(
            consent(
                person_id=row["person"],
                purpose=PURPOSE,
                act="given",
                text_version=VERSION,
                at=said.get(row["pk"], row["date_joined"]),
                channel="online",
            )
            for row in found
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0003_own_data"), ("core", "0001_initial")]

    operations = [migrations.RunPython(record_consents, migrations.RunPython.noop)]
