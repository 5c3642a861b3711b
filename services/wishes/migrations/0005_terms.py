"""The list of the desk is narrowed by the day on which a term ends, whatever the state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wishes", "0004_days")]

    operations = [
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["due_on", "community"], name="wish_due_day"),
        ),
    ]
