"""Mail: Django's backend of the settings, one plain letter at a time, and what is certain when it did not go.

A letter holds no personal data: what it says is a title that is the same for everybody, and an address of this site
behind the sign-in. No address and no text is written to a log.
"""

import contextlib
import smtplib
from collections import deque
from collections.abc import Sequence
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import BadHeaderError

from .sending import NotSent


class MailFailed(NotSent):
    """The mail server did not take the letter. ``uncertain`` means it may have been sent all the same."""


class RecordingBackend(BaseEmailBackend):
    """Keeps the last letters in memory: the demonstration shows them on the page."""

    sent: deque[EmailMessage] = deque(maxlen=500)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.sent.extend(email_messages)
        return len(email_messages)


def is_on() -> bool:
    """Whether this installation sends mail at all."""
    return bool(settings.MAIL_ON)


def message_id(key: str) -> str:
    """The Message-ID of the letter named ``key``: the same for every attempt, so that a mailbox can tell a repeat."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{key}@{sender.rpartition('@')[2] or 'localhost'}>"


def send(*, to: str, subject: str, text: str, key: str, leave_url: str = "") -> None:
    """Hand one letter to the mail server. ``leave_url`` is where the reader stops such letters.

    1. connect, with TLS where the settings say so, and sign in: what fails here reached nobody;
    2. hand over: a refusal is an answer; a line that breaks before the answer leaves it uncertain;
    3. say goodbye: what fails then changes nothing, the letter was taken.
    """
    headers = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"}
    if leave_url:
        headers["List-Unsubscribe"] = f"<{leave_url}>"
    sender = formataddr((settings.SITE_NAME, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    connection = get_connection()
    try:
        letter = EmailMessage(subject, text, sender, [to], headers=headers, connection=connection)
        letter.message()
    except (BadHeaderError, ValueError) as error:
        raise MailFailed(type(error).__name__, permanent=True) from None
    _open(connection)
    try:
        _hand_over(letter)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):  # the answer to the letter came before
            connection.close()


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(type(error).__name__) from None


def _hand_over(letter: EmailMessage) -> None:
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _words in refusal.recipients.values()]
        raise MailFailed(f"recipient refused {codes}", permanent=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPResponseException as refusal:  # sender or content refused: the server answered
        permanent = refusal.smtp_code >= 500
        raise MailFailed(f"server answered {refusal.smtp_code}", permanent=permanent) from None
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:  # nothing was handed over
        raise MailFailed(type(error).__name__, permanent=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(type(error).__name__, uncertain=True) from None
