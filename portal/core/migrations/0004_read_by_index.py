from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_saved_filters"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["owner_id", "-created_at", "-id"], name="file_owner"),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(fields=["actor_id", "-id"], name="transition_actor"),
        ),
    ]
