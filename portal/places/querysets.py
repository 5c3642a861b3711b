"""Which areas: by level, below others, open to residents."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import Area


class AreaQuerySet(models.QuerySet["Area"]):
    def communities(self) -> "AreaQuerySet":
        return self.filter(level="community")

    def open(self) -> "AreaQuerySet":
        """Communities that residents can choose."""
        return self.communities().filter(in_service=True)

    def listed(self) -> "AreaQuerySet":
        """In the one order that every list of communities has: by city, district and sub-district, then by name."""
        return self.order_by("parent__path", "name", "pk")

    def below(self, *areas: "Area") -> "AreaQuerySet":
        """``areas`` themselves and everything under them; nothing for no areas."""
        condition = models.Q(pk__in=[])
        for area in areas:
            condition |= models.Q(path__startswith=area.path)
        return self.filter(condition)
