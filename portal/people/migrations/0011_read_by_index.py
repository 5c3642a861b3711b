from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_read_by_index"),
        ("people", "0010_offices_held_at_their_level"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=models.Q(("is_superuser", True)), fields=["id"], name="user_administrators"),
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(fields=["-since", "-id"], name="authorisation_newest"),
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(
                condition=models.Q(("until__isnull", False)), fields=["until"], name="authorisation_over"
            ),
        ),
        migrations.AddIndex(
            model_name="guardianship",
            index=models.Index(fields=["-since", "-id"], name="guardianship_newest"),
        ),
        migrations.AddIndex(
            model_name="guardianship",
            index=models.Index(
                condition=models.Q(("until__isnull", False)), fields=["until"], name="guardianship_over"
            ),
        ),
        migrations.AddIndex(
            model_name="ownership",
            index=models.Index(fields=["-state_since", "-id"], name="ownership_newest"),
        ),
        migrations.AddIndex(
            model_name="ownership",
            index=models.Index(
                condition=models.Q(("state", "claimed")), fields=["due_on", "id"], name="ownership_claimed"
            ),
        ),
        migrations.AddIndex(
            model_name="ownership",
            index=models.Index(
                condition=models.Q(("state__in", ["ended", "refused", "withdrawn"])),
                fields=["state_since"],
                name="ownership_over",
            ),
        ),
        migrations.AddIndex(
            model_name="representative",
            index=models.Index(fields=["-since", "-id"], name="representative_newest"),
        ),
        migrations.AddIndex(
            model_name="representative",
            index=models.Index(
                condition=models.Q(("until__isnull", False)), fields=["until"], name="representative_over"
            ),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(fields=["-state_since", "-id"], name="residency_newest"),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(
                condition=models.Q(("state", "claimed")), fields=["due_on", "id"], name="residency_claimed"
            ),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(
                condition=models.Q(("state__in", ["ended", "refused", "withdrawn"])),
                fields=["state_since"],
                name="residency_over",
            ),
        ),
        migrations.AddIndex(
            model_name="role",
            index=models.Index(fields=["-since", "-id"], name="role_newest"),
        ),
        migrations.AddIndex(
            model_name="smscode",
            index=models.Index(fields=["sent_at"], name="smscode_sent"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["closed_at"], name="user_closed"
            ),
        ),
    ]
