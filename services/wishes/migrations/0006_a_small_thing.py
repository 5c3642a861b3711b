"""微心愿 is the name of the whole; the kind that is a thing is called by what it is. A name that an office gave stays."""

from django.db import migrations

OLD = {"name": "微心愿", "explanation": "想要一样小东西"}
NEW = {"name": "一样小东西", "explanation": "收音机、拐杖、书包这些"}


def rename(apps, _editor):
    apps.get_model("wishes", "WishKind").objects.filter(slug="thing", **OLD).update(**NEW)


def rename_back(apps, _editor):
    apps.get_model("wishes", "WishKind").objects.filter(slug="thing", **NEW).update(**OLD)


class Migration(migrations.Migration):
    dependencies = [("wishes", "0005_terms")]
    operations = [migrations.RunPython(rename, rename_back, elidable=False)]
