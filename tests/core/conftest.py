"""What several tests of the core stand on."""

from pathlib import Path

import pytest


@pytest.fixture
def own_media(settings, tmp_path) -> Path:
    """A folder of this test's own, into which private files are stored."""
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return tmp_path
