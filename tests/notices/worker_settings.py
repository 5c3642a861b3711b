"""The settings of workers that a test starts: the test's own database, its Redis server, its provider on loopback."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["RIG_DATABASE"]
CELERY_BROKER_URL = os.environ["RIG_BROKER"]
SMS_BACKEND = "tests.notices.gated.GatedBackend"
SMS_URL = os.environ["RIG_PROVIDER"]
SMS_TOKEN = "token"
SMS_TAKES_KEY = os.environ["RIG_TAKES_KEY"] == "1"
SMS_TIMEOUT = 60
