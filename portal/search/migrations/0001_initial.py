from django.db import migrations, models

import portal.search.fields


def entry(name, short):
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("kind", models.CharField(max_length=30)),
            ("object_id", models.BigIntegerField()),
            ("title", models.CharField(max_length=200)),
            ("rest", models.TextField(blank=True)),
            ("terms", portal.search.fields.TermsField()),
        ],
        options={
            "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name=f"search_{short}_once")],
        },
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [entry("PublicEntry", "public"), entry("ScopedEntry", "scoped")]
