"""The tests' environment, then the one settings file.

Every variable that the settings read is set here, so that neither the shell nor a ``.env`` of the machine reaches the
tests. Files (the SQLite database of each worker, uploads) stand in one temporary directory, named here for all workers,
made and removed by ``tests.databases``. ``TEST_DATABASE_URL`` alone comes from outside: that module points it at the
PostgreSQL server it starts.
"""

import os
import secrets
import tempfile
from pathlib import Path

SCRATCH = Path(os.environ.setdefault("TEST_SCRATCH", f"{tempfile.gettempdir()}/portal-tests-{secrets.token_hex(8)}"))

os.environ.update(
    ENVIRONMENT="test",
    DEBUG="0",
    DEMO="0",
    HTTPS="0",
    HSTS_SECONDS="0",
    DATABASE_CONN_MAX_AGE="60",
    SECRET_KEY="tests-" + "0123456789" * 5,
    SEALED_KEYS="test1:dGVzdHMtc2VhbGluZy1rZXktb2YtMzItYnl0ZXMtLi4=",
    BLIND_INDEX_KEY="dGVzdHMtYmxpbmQtaW5kZXgta2V5LTMyLWJ5dGVzLS0=",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    CSRF_TRUSTED_ORIGINS="",
    TRUSTED_PROXIES="0",
    REDIS_URL="",
    SMS_BACKEND="portal.core.sms.RecordingBackend",
    SMS_URL="",
    SMS_TOKEN="",
    SMS_TIMEOUT="10",
    SMS_TAKES_KEY="0",
    EMAIL_URL="",
    EMAIL_FROM="portal@example.com",
    EMAIL_TIMEOUT="10",
    SITE_URL="https://portal.example.com",
    CELERY_BROKER_URL="",
    PHONE_TRUST_DAYS="90",
    AUDIT_KEPT_DAYS="1095",
    SITE_NAME="益+亲",
    ICP_RECORD="",
    POLICE_RECORD="",
    LOG_LEVEL="WARNING",
    MEDIA_ROOT=str(SCRATCH / "media"),
    STATIC_ROOT=str(SCRATCH / "static"),
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", f"sqlite:///{SCRATCH / 'portal.sqlite3'}"),
)

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES  # noqa: E402

# A file and not memory: a live server reads it from another thread, and what lies in the file is tested.
_on_sqlite = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3") if _on_sqlite else "portal_test"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STAFF_NEEDS_SECOND_FACTOR = True
