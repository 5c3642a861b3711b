"""Keys of sealed fields and of the blind index, read from the settings once."""

import base64
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


@lru_cache(maxsize=1)
def sealing_keys() -> dict[str, bytes]:
    """Key id → 256-bit key, in the order of ``SEALED_KEYS``: the first seals, every one opens."""
    pairs = (pair.strip().partition(":") for pair in settings.SEALED_KEYS.split(",") if pair.strip())
    return {name: base64.urlsafe_b64decode(value) for name, _, value in pairs}


@lru_cache(maxsize=1)
def index_key() -> bytes:
    """The key of the blind index; never one of the sealing keys."""
    return base64.urlsafe_b64decode(settings.BLIND_INDEX_KEY)


@receiver(setting_changed)
def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting in {"SEALED_KEYS", "BLIND_INDEX_KEY"}:
        sealing_keys.cache_clear()
        index_key.cache_clear()
