"""The index: one entry a record and kind, public entries and scoped ones in tables of their own.

A public page asks ``PublicEntry`` alone and can never touch a scoped row. An entry repeats a record's title and the
words beside it in clear, never what is sealed; it is written and removed in the transaction that changes the record.
"""

from django.db import models

from .fields import TermsField
from .querysets import EntryQuerySet


class Entry(models.Model):
    """What is known of a record to whoever looks for it. ``terms`` are those of the title and the rest, and the marks
    of its kind and its areas. Of two equal ones the record that came later stands first."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    rest = models.TextField(blank=True)
    terms = TermsField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True


class PublicEntry(Entry):
    """Something anybody may find."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_public_once")]


class ScopedEntry(Entry):
    """Something that the staff of its areas may find."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_scoped_once")]
