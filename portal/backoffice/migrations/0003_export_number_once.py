from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backoffice", "0002_one_series_of_numbers")]
    operations = [
        migrations.RemoveConstraint(model_name="export", name="export_number_once"),
        migrations.AlterField(
            model_name="export",
            name="number",
            field=models.CharField(max_length=20, unique=True, verbose_name="导出编号"),
        ),
    ]
