"""The demonstration's environment: its own database, its own keys, never those of the machine it runs on.

Read by ``manage.py`` before Django's settings, so it imports nothing of Django.
"""

import base64
import json
import secrets
from collections.abc import MutableMapping
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = BASE_DIR / "var"
DATABASE = VAR / "demo.sqlite3"
KEYS = VAR / "demo-keys.json"
ACCOUNTS = VAR / "demo-accounts.json"
STAMP = VAR / "demo-stamp.json"
MEDIA = VAR / "demo-media"
STATIC = VAR / "demo-static"


def _keys() -> dict[str, str]:
    """Keys made once for this checkout; kept so that ``--keep`` can still read what was sealed."""
    if KEYS.exists():
        return json.loads(KEYS.read_text())
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEALED_KEYS": "demo1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    VAR.mkdir(exist_ok=True)
    KEYS.touch(mode=0o600)
    KEYS.write_text(json.dumps(keys))
    return keys


def prepare(environ: MutableMapping[str, str]) -> None:
    """Overwrite, not default: a DATABASE_URL of the shell must never become the demonstration's database."""
    environ.update(_keys())
    environ.update(
        ENVIRONMENT="demo",
        DEMO="1",
        DEBUG="0",
        DATABASE_URL=f"sqlite:///{DATABASE}",
        MEDIA_ROOT=str(MEDIA),
        STATIC_ROOT=str(STATIC),
        ALLOWED_HOSTS="127.0.0.1,localhost,[::1]",
        HTTPS="0",
        SMS_BACKEND="portal.core.sms.RecordingBackend",
    )
