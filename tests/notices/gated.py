"""A provider's backend that says at a gate which process it is before it sends, so that a test can stop a worker
between its claim and the call."""

import os
import urllib.request

from django.conf import settings

from portal.core.sms import HttpBackend, Message


class GatedBackend(HttpBackend):
    """``HttpBackend`` behind a gate."""

    def send(self, message: Message) -> None:
        with urllib.request.urlopen(f"{settings.SMS_URL}{os.getpid()}", timeout=60) as gate:  # noqa: S310 — loopback
            gate.read()
        super().send(message)
