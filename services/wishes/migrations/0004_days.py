"""The wall goes by days: an index for its tabs, of all communities and of one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wishes", "0003_handler")]

    operations = [
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["-created_at", "-id"], name="wish_day"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["community", "-created_at", "-id"], name="wish_community_day"),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(
                condition=models.Q(("state__in", ("pending_dispatch", "pending_claim"))),
                fields=["-created_at", "-id"],
                name="wish_waiting_day",
            ),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(
                condition=models.Q(("state", "closed")), fields=["-closed_at", "-id"], name="wish_closed_day"
            ),
        ),
    ]
