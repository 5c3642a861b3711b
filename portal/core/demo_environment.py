"""The demonstration's environment: its own database, its own keys, never those of the machine it runs on.

Read by ``manage.py`` before Django's settings, so it imports nothing of Django.
"""

import base64
import json
import secrets
from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = BASE_DIR / "var"
DATABASE = VAR / "demo.sqlite3"
KEYS = VAR / "demo-keys.json"
ACCOUNTS = VAR / "demo-accounts.json"
STAMP = VAR / "demo-stamp.json"
MEDIA = VAR / "demo-media"
STATIC = VAR / "demo-static"


def write_whole(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a file so that it is there whole or not at all, whenever the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=mode)
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _keys() -> dict[str, str]:
    """Keys made once for this checkout; kept so that ``--keep`` can still read what was sealed."""
    if KEYS.exists():
        return json.loads(KEYS.read_text(encoding="utf-8"))
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEALED_KEYS": "demo1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    write_whole(KEYS, json.dumps(keys), mode=0o600)
    return keys


def prepare(environ: MutableMapping[str, str]) -> None:
    """Overwrite, not default: what the shell or a ``.env`` says about a database, a cache or a provider of messages
    must never reach the demonstration."""
    environ.update(_keys())
    environ.update(
        DJANGO_SETTINGS_MODULE="portal.settings",
        ENVIRONMENT="demo",
        DEMO="1",
        DEBUG="0",
        # Quoted, because the path of a checkout may hold what an address reads otherwise: 益+亲, a space, a #.
        DATABASE_URL=f"sqlite:///{quote(str(DATABASE))}",
        REDIS_URL="",
        MEDIA_ROOT=str(MEDIA),
        STATIC_ROOT=str(STATIC),
        ALLOWED_HOSTS="127.0.0.1,localhost,[::1]",
        CSRF_TRUSTED_ORIGINS="",
        TRUSTED_PROXIES="0",
        HTTPS="0",
        SMS_BACKEND="portal.core.sms.RecordingBackend",
        CELERY_BROKER_URL="",
        EMAIL_URL="",
        SITE_URL="",
    )
