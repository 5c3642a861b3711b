"""Text messages: what a console shows, what a provider gets, and what is certain when it does not answer."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal.core import sms
from portal.core.sms import HttpBackend, Message, SmsFailed

MESSAGE = Message(phone="15400001234", text="【益+亲】您的心愿有新进展", key="k-1")


def test_the_console_masks_the_phone(capsys):
    sms.ConsoleBackend().send(MESSAGE)
    printed = capsys.readouterr().out
    assert "154****1234" in printed
    assert MESSAGE.text in printed
    assert MESSAGE.phone not in printed


def test_the_configured_backend_is_used(sms_sent):
    sms.send(phone=MESSAGE.phone, text=MESSAGE.text, key=MESSAGE.key)
    assert list(sms_sent) == [MESSAGE]


class Provider:
    """A provider on loopback that answers as told: a status, ``late``, ``gone`` (hangs up) or ``half`` an answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.got: list[tuple[str, dict[str, str], bytes | None]] = []
        self.finish = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.got.append((self.path, dict(self.headers), body))
                self._reply()

            def do_GET(self) -> None:
                provider.got.append((self.path, dict(self.headers), None))
                self._reply()

            def _reply(self) -> None:
                if provider.answer == "late":
                    provider.finish.wait(10)
                elif provider.answer == "gone":
                    self.connection.shutdown(socket.SHUT_RDWR)
                elif provider.answer == "half":
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\nhalf")
                else:
                    self.send_response(provider.answer)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()

            def log_message(self, *_args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/send"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def stop(self) -> None:
        self.finish.set()
        self.server.shutdown()
        self.thread.join(30)
        self.server.server_close()


@pytest.fixture
def provider(settings) -> Iterator[Any]:
    running: list[Provider] = []

    def start(answer: Any) -> Provider:
        running.append(Provider(answer))
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_TIMEOUT = running[0].url, "token-1", 1
        return running[0]

    yield start
    for one in running:
        one.stop()


def test_a_provider_gets_phone_text_key_and_token(provider):
    running = provider(200)
    HttpBackend().send(MESSAGE)
    ((path, headers, body),) = running.got
    assert path == "/send"
    assert json.loads(body) == {"phone": MESSAGE.phone, "text": MESSAGE.text, "key": "k-1"}
    assert headers["Authorization"] == "Bearer token-1"
    assert headers["Idempotency-Key"] == "k-1"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("answer", "uncertain"),
    [
        (400, False),
        (403, False),
        (429, False),
        (500, True),
        (503, True),
        ("late", True),
        ("gone", True),
        ("half", True),
    ],
)
def test_a_failure_says_whether_the_message_may_be_out(provider, answer, uncertain):
    provider(answer)
    with pytest.raises(SmsFailed) as caught:
        HttpBackend().send(MESSAGE)
    assert caught.value.uncertain is uncertain
    assert MESSAGE.phone not in str(caught.value)


@pytest.mark.parametrize("answer", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_takes_no_token_along(provider, answer):
    running = provider(answer)
    with pytest.raises(SmsFailed) as caught:
        HttpBackend().send(MESSAGE)
    assert not caught.value.uncertain
    assert [path for path, _headers, _body in running.got] == ["/send"]


def test_nobody_at_the_address_is_a_certain_failure(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(SmsFailed) as caught:
        HttpBackend().send(MESSAGE)
    assert not caught.value.uncertain


@pytest.mark.parametrize(
    "address",
    ["", "http://example.com/", "http://127.0.0.1@example.com/", "file:///etc/hosts", "ftp://127.0.0.1/", "x"],
)
def test_an_address_that_is_not_safe_is_not_used(settings, address):
    settings.SMS_URL = address
    with pytest.raises(SmsFailed, match="https") as caught:
        HttpBackend().send(MESSAGE)
    assert not caught.value.uncertain
