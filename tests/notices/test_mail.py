"""Mail: what a letter says, under what name it goes, and what is certain when it did not go. A mail server on loopback
that answers as the test says."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string
from email.policy import default

import pytest
from django.core import mail as django_mail

from portal.core import mail
from portal.notices.ways import letter

OK = {"hello": "220 here", "EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", "body": "250 ok"}


class Server:
    """Answers each step as ``answers`` says; ``gone`` hangs up instead."""

    def __init__(self, **answers: str) -> None:
        self.answers = {**OK, **answers}
        self.letters: list[str] = []
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if not self._say("hello"):
                    return
                while line := self.rfile.readline().decode():
                    verb = line[:4].upper()
                    if verb in ("QUIT", "RSET"):
                        self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
                    elif not self._say(verb) or (verb == "DATA" and not self._body()):
                        return

            def _body(self) -> bool:
                if not server.answers["DATA"].startswith("354"):
                    return True
                lines = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                server.letters.append("".join(lines))
                return self._say("body")

            def _say(self, step: str) -> bool:
                answer = server.answers[step]
                if answer == "gone":
                    return False
                self.wfile.write(f"{answer}\r\n".encode())
                return True

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def serve(settings) -> Iterator:
    """``serve(RCPT="550 …")``: a server, and the settings that lead to it."""
    running: list[Server] = []

    def start(**answers: str) -> Server:
        running.append(Server(**answers))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running[-1].port, 5
        return running[-1]

    yield start
    for server in running:
        server.close()


def send(**more: str) -> None:
    mail.send(**{"to": "xiaohe@example.com", "subject": "【益+亲】办好了", "text": "您好\n", "key": "k-1", **more})


def test_a_letter_goes_with_the_name_of_its_delivery(serve):
    server = serve()
    send(leave_url="https://portal.example.com/me/notices/")
    (raw,) = server.letters
    got = message_from_string(raw, policy=default)
    assert got["Message-ID"] == "<k-1@example.com>" == mail.message_id("k-1")
    assert got["Subject"] == "【益+亲】办好了"
    assert got["To"] == "xiaohe@example.com"
    assert got["From"].addresses[0].addr_spec == "portal@example.com"
    assert got["From"].addresses[0].display_name == "益+亲"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://portal.example.com/me/notices/>"
    assert got.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("answers", "uncertain", "permanent"),
    [
        ({"hello": "421 busy"}, False, False),
        ({"hello": "gone"}, False, False),
        ({"MAIL": "550 not you"}, False, True),
        ({"MAIL": "451 later"}, False, False),
        ({"RCPT": "550 nobody here"}, False, True),
        ({"RCPT": "450 full"}, False, False),
        ({"DATA": "451 later"}, False, False),
        ({"body": "554 no"}, False, True),
        ({"body": "452 full"}, False, False),
        ({"body": "gone"}, True, False),
        ({"DATA": "gone"}, True, False),
    ],
)
def test_what_is_certain_when_it_does_not_go(serve, answers, uncertain, permanent):
    serve(**answers)
    with pytest.raises(mail.MailFailed) as failed:
        send()
    assert (failed.value.uncertain, failed.value.permanent) == (uncertain, permanent)
    assert "xiaohe" not in str(failed.value)


def test_nobody_listens(serve):
    serve().close()
    with pytest.raises(mail.MailFailed) as failed:
        send()
    assert not failed.value.uncertain


def test_a_goodbye_that_fails_takes_nothing_back(serve, monkeypatch):
    server = serve()
    monkeypatch.setattr(
        "django.core.mail.backends.smtp.EmailBackend.close", lambda _self: (_ for _ in ()).throw(OSError("gone"))
    )
    send()
    assert len(server.letters) == 1


@pytest.mark.parametrize("bad", ["一\n二", "一\r\nBcc: other@example.com"])
def test_a_subject_brings_no_header_of_its_own(serve, bad):
    server = serve()
    with pytest.raises(mail.MailFailed) as failed:
        send(subject=bad)
    assert failed.value.permanent
    assert not server.letters


def test_the_whole_letter_is_a_title_and_a_link():
    text = letter("您的心愿有新进展", "https://portal.example.com/me/notices/")
    assert "您的心愿有新进展" in text
    assert "https://portal.example.com/messages/" in text
    assert text.count("https://") == 2
    assert "关掉" in text


def test_the_demonstration_keeps_the_last_letters(settings):
    settings.EMAIL_BACKEND = "portal.core.mail.RecordingBackend"
    mail.RecordingBackend.sent.clear()
    send()
    assert [message.to for message in mail.RecordingBackend.sent] == [["xiaohe@example.com"]]
    assert not getattr(django_mail, "outbox", [])
