"""Private files at rest: sealed in pieces, read whole or not at all, sealed anew when the key changes."""

import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import files
from portal.core.models import StoredFile
from portal.core.sealed import KeyLost, SealedValueError
from portal.core.sealed_streams import FRAME, TooLong

from .uploads import KIND, PAPER, WORDS, content, on_disk, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
KEY_A, KEY_B = ("A" * 43 + "=", "B" * 43 + "=")


def put_in_clear(data: bytes) -> StoredFile:
    """A file as it was kept before contents were sealed."""
    stored = StoredFile(kind=KIND, content_type="application/pdf", size=len(data), sha256="", owner_id=None)
    stored.content.save("upload", ContentFile(data), save=False)
    stored.save(force_insert=True)
    return stored


def written(*pieces: bytes, most: int = 10**7) -> StoredFile:
    def fill(out):
        for piece in pieces:
            out.write(piece)

    stored = files.prepare(fill=fill, kind=KIND, content_type="text/plain", owner_id=None, most=most)
    stored.save(force_insert=True)
    return stored


def test_nothing_lies_on_the_disk_in_clear(own_media):
    stored = store(PAPER, documents=True)
    assert stored.key_id == "test1"
    held = on_disk(own_media)
    assert held
    assert not [word for word in (WORDS, b"PDF", b"EOF", WORDS[:6]) if word in held]
    assert content(StoredFile.objects.get()) == PAPER


def test_control_a_file_in_clear_is_found(own_media):
    put_in_clear(PAPER)
    assert WORDS in on_disk(own_media)


@given(pieces=st.lists(st.binary(max_size=3 * FRAME), max_size=4), read=st.integers(1, 2 * FRAME))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_written_in_whatever_pieces_is_read_in_whatever_pieces(pieces, read):
    stored = written(*pieces)
    whole = b"".join(pieces)
    with files.opened(stored) as opened:
        assert b"".join(iter(lambda: opened.read(read), b"")) == whole
    assert (stored.size, stored.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME])
def test_content_that_was_cut_short_changed_or_put_elsewhere_does_not_open(own_media, length):
    stored, other = written(b"x" * length), written(b"y" * length)
    path = own_media / stored.content.name
    whole = path.read_bytes()
    spoilt = [whole[:-1], whole[: 36 + FRAME + 16], whole[:36], whole[:10], b"", whole + b"x"]
    spoilt += [whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], (own_media / other.content.name).read_bytes()]
    for kept in spoilt:
        if kept != whole:
            path.write_bytes(kept)
            with pytest.raises(SealedValueError), files.opened(stored) as opened:
                opened.read()


def test_more_than_was_agreed_is_not_kept(own_media):
    with pytest.raises(TooLong):
        written(b"x" * 600, b"x" * 600, most=1000)
    assert not on_disk(own_media)


def test_what_was_kept_in_clear_still_opens():
    assert content(put_in_clear(PAPER)) == PAPER


def test_a_lost_key_raises_and_shows_nothing(settings):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"new:{KEY_B}"
    with pytest.raises(KeyLost):
        files.opened(stored)


def test_a_key_of_the_same_name_that_is_another_raises(settings):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"old:{KEY_B}"
    with pytest.raises(SealedValueError):
        files.opened(stored)


def test_rotation_seals_anew_and_seals_what_was_in_clear(settings, own_media, django_capture_on_commit_callbacks):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    sealed, clear = store(PAPER, documents=True), put_in_clear(PAPER)
    settings.SEALED_KEYS = f"new:{KEY_B},old:{KEY_A}"
    fresh = store(PAPER, documents=True)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rotate_sealed", verbosity=0, stdout=io.StringIO())
    settings.SEALED_KEYS = f"new:{KEY_B}"
    for stored in (sealed, clear, fresh):
        again = StoredFile.objects.get(pk=stored.pk)
        assert (again.key_id, content(again)) == ("new", PAPER)
    assert WORDS not in on_disk(own_media)
    assert len([path for path in own_media.rglob("*") if path.is_file()]) == 3
    assert files.rotate() == 0


def test_rotation_leaves_what_was_erased_meanwhile(
    settings, own_media, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"new:{KEY_B},old:{KEY_A}"
    seal_into = files._seal_into

    def and_then_erase(*args, **options):
        seal_into(*args, **options)
        files.erase(StoredFile.objects.get(pk=stored.pk))

    monkeypatch.setattr(files, "_seal_into", and_then_erase)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.rotate() == 0
    assert not on_disk(own_media)
