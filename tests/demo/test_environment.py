"""What ``manage.py demo`` puts into the environment before the settings are read."""

import json

import pytest

from portal.core import configcheck, demo_environment


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_environment, "KEYS", tmp_path / "var" / "demo-keys.json")
    return tmp_path / "var"


def test_whatever_the_shell_says_is_overwritten(var):
    environ = {
        "DATABASE_URL": "postgres://real/city",
        "ENVIRONMENT": "production",
        "DEBUG": "1",
        "DEMO": "0",
        "SECRET_KEY": "theirs",
        "SEALED_KEYS": "theirs",
        "BLIND_INDEX_KEY": "theirs",
        "MEDIA_ROOT": "/srv/media",
        "SMS_BACKEND": "portal.core.sms.HttpBackend",
        "REDIS_URL": "redis://real",
        "ALLOWED_HOSTS": "*",
        "DJANGO_SETTINGS_MODULE": "other.settings",
        "HOME": "/home/somebody",
    }
    before = dict(environ)
    demo_environment.prepare(environ)
    assert environ["HOME"] == before["HOME"]
    assert all(environ[name] != value for name, value in before.items() if name != "HOME")
    assert environ["DATABASE_URL"].endswith("/var/demo.sqlite3")


def test_keys_are_made_once_and_kept(var):
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    demo_environment.prepare(first)
    demo_environment.prepare(second)
    assert first == second
    assert not configcheck.sealed_key_problems(first["SEALED_KEYS"])
    assert not configcheck.key_problem(first["BLIND_INDEX_KEY"])
    assert first["BLIND_INDEX_KEY"] not in first["SEALED_KEYS"]
    assert set(json.loads((var / "demo-keys.json").read_text())) == {"SECRET_KEY", "SEALED_KEYS", "BLIND_INDEX_KEY"}


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    path = tmp_path / "below" / "file.json"
    demo_environment.write_whole(path, "袁", mode=0o600)
    demo_environment.write_whole(path, "家", mode=0o600)
    assert path.read_text(encoding="utf-8") == "家"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
