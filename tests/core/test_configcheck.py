"""What production refuses to start with: each refusal by its message, the whole by a real start."""

import base64
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.core import configcheck

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "portal" / "settings.py").read_text()


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SHORT = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()
SHARED = key()
FIT: dict[str, Any] = {
    "secret_key": secrets.token_urlsafe(50),
    "debug": False,
    "demo": False,
    "allowed_hosts": ["portal.example.com"],
    "sealed_keys": f"a1:{SHARED},a0:{key()}",
    "blind_index_key": key(),
    "sms_backend": "portal.core.sms.HttpBackend",
    "sms_url": "https://sms.example.com/send",
    "sms_token": "token",
    "redis_url": "redis://127.0.0.1:6379/0",
    "https": True,
    "email_url": "smtp+tls://portal:password@smtp.example.com:587",
    "email_from": "portal@example.com",
    "site_url": "https://portal.example.com",
    "broker_url": "redis://127.0.0.1:6379/1",
}


def test_fit_values_are_fit():
    assert configcheck.production_problems(**FIT) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"secret_key": configcheck.INSECURE_SECRET}, "SECRET_KEY: set a random value of at least 50"),
        ({"secret_key": "short"}, "SECRET_KEY: set a random value of at least 50"),
        ({"debug": True}, "DEBUG: must be off"),
        ({"demo": True}, "DEMO: must be off"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS: list the exact host names"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS: list the exact host names"),
        ({"allowed_hosts": ["portal.example.com", ".example.com"]}, "ALLOWED_HOSTS: list the exact host names"),
        ({"sealed_keys": ""}, "SEALED_KEYS: set id:key pairs"),
        ({"sealed_keys": f"a1:{SHORT}"}, "SEALED_KEYS: entry 'a1' holds 16 bytes instead of 32"),
        ({"sealed_keys": "a1:%%%"}, "SEALED_KEYS: entry 'a1'"),
        ({"sealed_keys": f"{key()}"}, "SEALED_KEYS: entry"),
        ({"sealed_keys": f"a.1:{key()}"}, "SEALED_KEYS: entry 'a.1' needs a plain id"),
        ({"sealed_keys": f"a1:{key()},a1:{key()}"}, "SEALED_KEYS: the id 'a1' stands there twice"),
        ({"sealed_keys": f"d:{configcheck.DEVELOPMENT_SEALED_KEY}"}, "the keys of development are public"),
        ({"blind_index_key": configcheck.DEVELOPMENT_INDEX_KEY}, "the keys of development are public"),
        ({"blind_index_key": ""}, "BLIND_INDEX_KEY: set a 256-bit key of its own"),
        ({"blind_index_key": SHORT}, "BLIND_INDEX_KEY: set a 256-bit key of its own"),
        ({"blind_index_key": SHARED}, "BLIND_INDEX_KEY: must differ"),
        ({"sms_backend": "portal.core.sms.ConsoleBackend"}, "SMS_BACKEND: set portal.core.sms.HttpBackend"),
        ({"sms_backend": "portal.core.sms.RecordingBackend"}, "SMS_BACKEND: set portal.core.sms.HttpBackend"),
        ({"sms_url": "http://sms.example.com"}, "SMS_URL, SMS_TOKEN: set the provider's https address"),
        ({"sms_token": ""}, "SMS_URL, SMS_TOKEN: set the provider's https address"),
        ({"redis_url": ""}, "REDIS_URL: set a shared cache"),
        ({"https": False}, "HTTPS: must be on"),
        ({"email_url": "smtp://smtp.example.com:25"}, "EMAIL_URL: set smtp+tls:// or smtp+ssl://"),
        ({"email_url": "consolemail://"}, "EMAIL_URL: set smtp+tls:// or smtp+ssl://"),
        ({"email_from": ""}, "EMAIL_FROM: set the address"),
        ({"site_url": "http://portal.example.com"}, "SITE_URL: set the https address"),
        ({"broker_url": "amqp://127.0.0.1"}, "CELERY_BROKER_URL: set a Redis address"),
    ],
)
def test_each_unfit_value_is_named_with_what_mends_it(change, message):
    problems = configcheck.production_problems(**{**FIT, **change})
    assert any(message in problem for problem in problems), problems
    held = [value for value in change.values() if isinstance(value, str) and len(value) > 30 and ":" in value]
    assert not [value for value in held for problem in problems if value in problem], "a message tells no key"


# A real start --------------------------------------------------------------------------------------------------------

PRODUCTION = {
    "SECRET_KEY": FIT["secret_key"],
    "ALLOWED_HOSTS": "portal.example.com",
    "SEALED_KEYS": FIT["sealed_keys"],
    "BLIND_INDEX_KEY": FIT["blind_index_key"],
    "SMS_BACKEND": FIT["sms_backend"],
    "SMS_URL": FIT["sms_url"],
    "SMS_TOKEN": FIT["sms_token"],
    "REDIS_URL": FIT["redis_url"],
}
READ = set(re.findall(r'env\.\w+\(\s*"(\w+)"', SOURCE))


DEPLOY = ("check", "--deploy", "--fail-level", "WARNING")


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` (``check --deploy``) with this environment and nothing else that the settings read."""
    clean = {name: value for name, value in os.environ.items() if name not in READ | {"DJANGO_SETTINGS_MODULE"}}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or DEPLOY)],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_production_starts_with_fit_values_and_has_nothing_to_warn_of():
    done = start(**PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_a_forgotten_environment_is_production_and_says_everything_that_is_missing():
    done = start()
    assert done.returncode != 0
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SEALED_KEYS", "BLIND_INDEX_KEY", "SMS_BACKEND"):
        assert f"{name}: " in done.stderr
    assert "DEBUG: " not in done.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"DEBUG": "1"}, "DEBUG: must be off"),
        ({"DEMO": "1"}, "DEMO: must be off"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT: one of production"),
        ({"ENVIRONMENT": "development", "DEMO": "1"}, "DEMO: is set by manage.py demo alone"),
    ],
)
def test_unfit_values_stop_a_real_start(change, message):
    done = start(**(PRODUCTION | change))
    assert done.returncode != 0
    assert message in done.stderr


@pytest.mark.parametrize("environment", ["development", "demo"])
def test_with_debug_off_no_name_of_an_environment_makes_public_keys_fit(environment):
    done = start(ENVIRONMENT=environment, DEBUG="0")
    assert done.returncode != 0
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SEALED_KEYS", "BLIND_INDEX_KEY"):
        assert f"{name}: " in done.stderr
    public = start(
        ENVIRONMENT=environment,
        DEBUG="0",
        SECRET_KEY=configcheck.INSECURE_SECRET,
        ALLOWED_HOSTS="*",
        SEALED_KEYS=f"dev1:{configcheck.DEVELOPMENT_SEALED_KEY}",
        BLIND_INDEX_KEY=configcheck.DEVELOPMENT_INDEX_KEY,
    )
    assert public.returncode != 0
    assert "the keys of development are public" in public.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"ENVIRONMENT": "development"},
        {"ENVIRONMENT": "demo", "DEMO": "1", "DEBUG": "0", **{n: PRODUCTION[n] for n in ("SECRET_KEY", "SEALED_KEYS")}},
        {"ENVIRONMENT": "development", "DEBUG": "0", **PRODUCTION},
    ],
    ids=["development", "demonstration", "fit values"],
)
def test_what_may_start_starts(environment):
    done = start("check", **environment)
    assert done.returncode == 0, done.stderr


def test_the_tests_set_every_variable_that_the_settings_read():
    """So that neither the shell nor a .env of the machine decides what is tested."""
    ours = (ROOT / "tests" / "settings.py").read_text()
    assert not {name for name in READ if f"{name}=" not in ours}
    assert {"DATABASE_URL", "SECRET_KEY", "SMS_TOKEN", "TRUSTED_PROXIES"} <= READ
