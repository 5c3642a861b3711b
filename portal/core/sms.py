"""Text messages: a console for development, an HTTP provider in production, a recorder for tests and demonstration.

No backend writes a whole phone number or a message's text to a log.
"""

import json
import re
import socket
import ssl
import sys
import urllib.request
from collections import deque
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from .masking import mask_phone
from .sending import NotSent


class SmsFailed(NotSent):
    """The provider did not take the message. ``uncertain`` means it may have been sent all the same."""


@dataclass(frozen=True)
class Message:
    phone: str
    text: str
    key: str


class Backend(Protocol):
    @property
    def takes_key(self) -> bool:
        """Whether a repeat of one ``key`` is dropped on the other side, so that sending again is safe."""

    def send(self, message: Message) -> None:
        """Hand one message over; raises ``SmsFailed``."""


class ConsoleBackend:
    """Prints to standard output: the phone masked, the text whole, for somebody who develops."""

    takes_key = False

    def send(self, message: Message) -> None:
        sys.stdout.write(f"SMS → {mask_phone(message.phone)}: {message.text}\n")


class RecordingBackend:
    """Keeps the last messages in memory; tests read them, the demonstration shows them on the page."""

    sent: deque[Message] = deque(maxlen=500)
    takes_key = False

    def send(self, message: Message) -> None:
        self.sent.append(message)


# Failures to connect that end before a byte of the message is on its way.
_NOT_REACHED = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the address of the setting and to no other; a redirect is an answer like any other error."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


class HttpBackend:
    """POSTs JSON ``{"phone", "text", "key"}`` to ``SMS_URL`` with a bearer token; ``key`` is the idempotency key.

    The address is https, or http on this machine. What fails after the request may have gone out is uncertain.
    ``SMS_TAKES_KEY`` says that the provider's contract promises to drop a repeat of the key.
    """

    @property
    def takes_key(self) -> bool:
        return bool(settings.SMS_TAKES_KEY)

    def send(self, message: Message) -> None:
        address = urlsplit(settings.SMS_URL)
        if address.scheme != "https" and (address.scheme, address.hostname) != ("http", "127.0.0.1"):
            raise SmsFailed("SMS_URL must be https")
        request = urllib.request.Request(  # noqa: S310 — the scheme was checked above
            settings.SMS_URL,
            data=json.dumps({"phone": message.phone, "text": message.text, "key": message.key}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_TOKEN}",
                "Idempotency-Key": message.key,
            },
        )
        try:
            with _opener.open(request, timeout=settings.SMS_TIMEOUT) as answer:
                answer.read()
        except HTTPError as error:
            raise SmsFailed(f"provider answered {error.code}", uncertain=error.code >= 500) from None
        except URLError as error:
            reached = not isinstance(error.reason, _NOT_REACHED)
            raise SmsFailed(type(error.reason).__name__, uncertain=reached) from None
        except (OSError, HTTPException) as error:
            raise SmsFailed(type(error).__name__, uncertain=True) from None


def backend() -> Backend:
    """The configured backend."""
    return import_string(settings.SMS_BACKEND)()


_MOBILE = re.compile(r"1[3-9]\d{9}")


def send(*, phone: str, text: str, key: str) -> None:
    """Send ``text`` to ``phone``; ``key`` names this message so that a provider can drop a repeat. Nothing goes to a
    fixed line: ``SmsFailed`` before the provider is asked."""
    if not _MOBILE.fullmatch(phone):
        raise SmsFailed("no mobile number")
    backend().send(Message(phone=phone, text=text, key=key))
