"""Entries of one kind that hold what was asked for."""

from typing import Any

from django.db import models

from .terms import Node


class EntryQuerySet(models.QuerySet[Any]):
    def asking(self, node: Node) -> "EntryQuerySet":
        """Entries that hold what ``node`` asks for, found through the index; of a kind where ``node`` names one
        (``marks.kind``)."""
        return self.filter(terms__ask=node)

    def newest(self, kind: str, most: int) -> "EntryQuerySet":
        """Entries of the latest ``most`` records of a kind, the latest first. One query more than the rows."""
        latest = self.filter(kind=kind).order_by("-object_id")
        since = latest.values_list("object_id", flat=True)[most - 1 : most].first()
        return latest.filter(object_id__gte=since) if since is not None else latest
