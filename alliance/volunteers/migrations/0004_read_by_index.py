from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        ("volunteers", "0003_entered_at_desk"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="hourentry",
            index=models.Index(fields=["credited_by_id", "-id"], name="hours_credited_by"),
        ),
    ]
