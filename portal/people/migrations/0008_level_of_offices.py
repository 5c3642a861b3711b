"""An office says the level of its area, so that the database can hold where each kind belongs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_papers_of_consents"), ("places", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="level",
            field=models.CharField(
                choices=[
                    ("city", "市"),
                    ("district", "区"),
                    ("subdistrict", "街道"),
                    ("community", "社区"),
                    ("grid", "网格"),
                ],
                default="",
                editable=False,
                max_length=12,
                verbose_name="层级",
            ),
            preserve_default=False,
        ),
    ]
