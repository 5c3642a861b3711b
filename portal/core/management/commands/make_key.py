"""``manage.py make_key``: a fresh 256-bit key for SEALED_KEYS or BLIND_INDEX_KEY."""

import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a fresh 256-bit key in URL-safe base64."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
