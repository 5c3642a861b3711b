"""The tests' environment, then the one settings file."""

import os

os.environ["ENVIRONMENT"] = "test"
os.environ["DEBUG"] = "0"
os.environ["DEMO"] = "0"
os.environ["SMS_BACKEND"] = "portal.core.sms.RecordingBackend"
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STAFF_NEEDS_SECOND_FACTOR = True
