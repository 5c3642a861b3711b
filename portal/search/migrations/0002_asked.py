"""The GIN index on PostgreSQL; the FTS5 tables and their triggers on SQLite. Records that stand already come into the
index with ``manage.py search_rebuild``."""

from django.db import migrations

from portal.search import installing


def install(apps, schema_editor):
    installing.install(schema_editor.connection.alias)


def uninstall(apps, schema_editor):
    installing.uninstall(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall, elidable=False)]
