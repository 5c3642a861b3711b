"""Encryption at rest of single fields, and the blind index by which a sealed value is found again.

A sealed value is ``s1.<key id>.<base64 of nonce + AES-256-GCM ciphertext>``. The model and field name are bound in as
associated data, so a value copied to another column does not open. A value whose key is gone raises: ciphertext is
never handed out in place of what it hides.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models

from . import appendonly, keys

_PREFIX = "s1"
_NONCE = 12


class SealedValueError(Exception):
    """A stored value that cannot be opened."""


class KeyLost(SealedValueError):
    """The key a value was sealed with is not in ``SEALED_KEYS`` any more."""


def seal(text: str, *, context: str) -> str:
    """``text`` sealed with the current key and bound to ``context``."""
    key_id, key = next(iter(keys.sealing_keys().items()))
    nonce = secrets.token_bytes(_NONCE)
    box = nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode())
    return f"{_PREFIX}.{key_id}.{base64.urlsafe_b64encode(box).decode()}"


def unseal(value: str, *, context: str) -> str:
    """What ``seal`` hid. Raises ``KeyLost`` or ``SealedValueError``; never returns ciphertext."""
    prefix, _, rest = value.partition(".")
    key_id, _, encoded = rest.partition(".")
    if prefix != _PREFIX or not encoded:
        raise SealedValueError(f"not a sealed value in {context}")
    key = keys.sealing_keys().get(key_id)
    if key is None:
        raise KeyLost(f"the key {key_id!r} that sealed a value in {context} is not in SEALED_KEYS")
    try:
        box = base64.urlsafe_b64decode(encoded)
        return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: not base64, or too short to hold a nonce
        raise SealedValueError(f"a value in {context} was changed or moved from another place") from error


_ROTATIONS: dict[str, Callable[[], int]] = {}


def also_rotate(label: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Declare a function that seals anew what stands in no ``SealedField``; it returns how many values it rewrote."""

    def register(rotate: Callable[[], int]) -> Callable[[], int]:
        _ROTATIONS[label] = rotate
        return rotate

    return register


def rotations() -> dict[str, Callable[[], int]]:
    """What ``manage.py rotate_sealed`` calls besides walking the sealed fields, by label."""
    return dict(_ROTATIONS)


def key_id_of(value: str) -> str:
    """The id of the key that sealed ``value``."""
    return value.split(".", 2)[1]


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed fingerprint (64 hex digits) that is equal for equal values of one ``purpose``; empty for empty."""
    if not value:
        return ""
    return hmac.new(keys.index_key(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


class SealedField(models.TextField):
    """Text that is sealed in the database and plain in Python.

    It cannot be filtered by: every look-up but ``isnull`` raises. Ordering by it would order ciphertext, which is
    nobody's order: the checks refuse it in a model's ``Meta.ordering`` and in the lists of the back office.
    """

    description = "sealed text"

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """No order by ciphertext; no place where rotation could not rewrite the value."""
        problems = super().check(**kwargs)
        ordering = {name.lstrip("-") for name in self.model._meta.ordering or () if isinstance(name, str)}
        if self.name in ordering:
            text = f"{self.context} is sealed: ordering by it orders ciphertext"
            problems.append(checks.Error(text, obj=self, id="core.E002"))
        if self.model in appendonly.declared():
            text = f"{self.context} is sealed in an append-only table: its key could never be taken away"
            problems.append(checks.Error(text, obj=self, id="core.E003"))
        return problems

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value in (None, "") else seal(value, context=self.context)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return value if value in (None, "") else unseal(value, context=self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.context} is sealed: look it up by its blind index")
        return super().get_lookup(lookup_name)


class SealedJSONField(SealedField):
    """A JSON value, sealed."""

    description = "sealed JSON"
    _pyi_private_set_type: Any  # what the type checker takes for the value: any JSON
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else super().get_prep_value(json.dumps(value, ensure_ascii=False))

    def from_db_value(self, value: Any, *args: Any) -> Any:
        text = super().from_db_value(value, *args)
        return text if text in (None, "") else json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value


class Indexed(models.Model):
    """Base of every record with a blind index: a save that names a sealed field takes its index along.

    ``QuerySet.update`` of a sealed field that is indexed must set the index too (``index_of``).
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            named = set(update_fields)
            indexes = [field for field in self._meta.local_concrete_fields if isinstance(field, BlindIndexField)]
            update_fields = named | {field.name for field in indexes if field.source in named}
        super().save(*args, update_fields=update_fields, **kwargs)


class BlindIndexField(models.CharField):
    """The blind index of a sealed sibling, kept by ``save`` and ``bulk_create``; ``None`` for an empty value."""

    def __init__(
        self,
        *args: Any,
        source: str = "",
        purpose: str = "",
        normalise: Callable[[str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.source, self.purpose, self.normalise = source, purpose, normalise
        kwargs.update(max_length=64, null=True, blank=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "null", "blank", "editable"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "source": self.source, "purpose": self.purpose}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """The record must be one that keeps its indexes."""
        if issubclass(self.model, Indexed):
            return super().check(**kwargs)
        return [
            *super().check(**kwargs),
            checks.Error("a record with a blind index inherits Indexed", obj=self, id="core.E001"),
        ]

    def index_of(self, value: str | None) -> str | None:
        """The index that a plain ``value`` has in this column."""
        plain = self.normalise(value) if value and self.normalise else value
        return blind_index(plain, purpose=self.purpose) if plain else None

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        index = self.index_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, index)
        return index
