"""``manage.py rotate_sealed``: seal every value again with the current key, so that an old key can be taken away."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from portal.core import audit, sealed, sessions

BATCH = 500


def sealed_columns() -> list[tuple[type[models.Model], list[sealed.SealedField]]]:
    """Every model with sealed fields, and those fields."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.local_concrete_fields if isinstance(field, sealed.SealedField)]
        if fields:
            found.append((model, fields))
    return found


class Command(BaseCommand):
    help = "Re-seal every sealed value with the first key of SEALED_KEYS; with --reindex rebuild the blind indexes too."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reindex", action="store_true", help="after BLIND_INDEX_KEY was changed")

    def handle(self, *args: Any, reindex: bool = False, **options: Any) -> None:
        total = 0
        for model, fields in sealed_columns():
            count = self._rotate(model, fields, reindex)
            total += count
            self.stdout.write(f"{model._meta.label}: {count}")
        for label, rotate in sealed.rotations().items():
            count = rotate()
            total += count
            self.stdout.write(f"{label}: {count}")
        total += self._rotate_sessions()
        audit.record("sealed.rotated", actor_id=None, details={"values": total, "reindex": reindex})

    def _rotate(self, model: type[models.Model], fields: list[sealed.SealedField], reindex: bool) -> int:
        """Walk by key in batches, so that the table is never locked whole; returns how many rows were rewritten."""
        indexes = (
            [f for f in model._meta.local_concrete_fields if isinstance(f, sealed.BlindIndexField)] if reindex else []
        )
        raw = {f"raw_{field.name}": Cast(field.name, models.TextField()) for field in fields}
        last, changed = None, 0
        while True:
            rows = model._base_manager.annotate(**raw).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            with transaction.atomic():
                batch = list(rows.select_for_update()[:BATCH])
                for row in batch:
                    changed += self._rotate_row(row, fields, indexes)
            if len(batch) < BATCH:
                return changed
            last = batch[-1].pk

    def _rotate_row(
        self, row: models.Model, fields: list[sealed.SealedField], indexes: list[sealed.BlindIndexField]
    ) -> int:
        """Seal anew what the column holds, which is not what it opens to: a sealed JSON value may be the empty text."""
        names = [field.name for field in fields if getattr(row, f"raw_{field.name}") not in (None, "")]
        names += [field.name for field in indexes]
        if not names:
            return 0
        row.save(update_fields=names)
        return 1

    def _rotate_sessions(self) -> int:
        table = connection.ops.quote_name(Session._meta.db_table)
        current = next(iter(sealed.keys.sealing_keys()))
        changed = 0
        for session in Session.objects.exclude(session_data__startswith=f"s1.{current}.").iterator():
            data = sessions.SessionStore().decode(session.session_data)
            Session.objects.filter(pk=session.pk, session_data=session.session_data).update(
                session_data=sessions.SessionStore().encode(data)
            )
            changed += 1
        self.stdout.write(f"{table}: {changed}")
        return changed
