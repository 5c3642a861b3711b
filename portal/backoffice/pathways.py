"""The models that a look-up path of a list leads through."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models


def steps(model: type[models.Model], name: str) -> Iterator[tuple[str, type[models.Model]]]:
    """For ``household__building__name``: the model itself by the empty path, then each model on the way by its path."""
    yield "", model
    reached: Any = model
    path: list[str] = []
    for part in name.lstrip("^=@").split("__"):
        try:
            reached = reached._meta.get_field(part).related_model
        except FieldDoesNotExist:
            return
        if reached is None:
            return
        path.append(part)
        yield "__".join(path), reached
