"""Text messages: a console for development, an HTTP provider in production, a recorder for tests and demonstration.

No backend writes a whole phone number or a message's text to a log.
"""

import json
import sys
import urllib.request
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from .masking import mask_phone


class SmsFailed(Exception):
    """The provider did not take the message. ``uncertain`` means it may have been sent all the same."""

    def __init__(self, message: str, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain


@dataclass(frozen=True)
class Message:
    phone: str
    text: str
    key: str


class Backend(Protocol):
    def send(self, message: Message) -> None:
        """Hand one message over; raises ``SmsFailed``."""


class ConsoleBackend:
    """Prints to standard output: the phone masked, the text whole, for somebody who develops."""

    def send(self, message: Message) -> None:
        sys.stdout.write(f"SMS → {mask_phone(message.phone)}: {message.text}\n")


class RecordingBackend:
    """Keeps the last messages in memory; tests read them, the demonstration shows them on the page."""

    sent: deque[Message] = deque(maxlen=500)

    def send(self, message: Message) -> None:
        self.sent.append(message)


class HttpBackend:
    """POSTs JSON ``{"phone", "text", "key"}`` to ``SMS_URL`` with a bearer token; ``key`` is the idempotency key."""

    def send(self, message: Message) -> None:
        request = urllib.request.Request(  # noqa: S310 — the address is the operator's setting, https enforced below
            settings.SMS_URL,
            data=json.dumps({"phone": message.phone, "text": message.text, "key": message.key}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_TOKEN}",
                "Idempotency-Key": message.key,
            },
        )
        if request.type != "https" and request.host.split(":")[0] != "127.0.0.1":
            raise SmsFailed("SMS_URL must be https")
        try:
            with urllib.request.urlopen(request, timeout=settings.SMS_TIMEOUT) as answer:  # noqa: S310
                answer.read()
        except urllib.request.HTTPError as error:
            raise SmsFailed(f"provider answered {error.code}", uncertain=error.code >= 500) from None
        except OSError as error:
            raise SmsFailed(type(error).__name__, uncertain=isinstance(error, TimeoutError)) from None


def backend() -> Backend:
    """The configured backend."""
    return import_string(settings.SMS_BACKEND)()


def send(*, phone: str, text: str, key: str) -> None:
    """Send ``text`` to ``phone``; ``key`` names this message so that a provider can drop a repeat."""
    backend().send(Message(phone=phone, text=text, key=key))
