"""Encryption at rest of whole files, piece by piece: a long file is sealed and opened in constant memory.

A sealed stream is ``YQS1``, 32 random bytes, and frames of AES-256-GCM. Its steps:

1. the random bytes and the sealing key make a key for this one stream (HKDF-SHA256), so that a counter can serve as
   nonce without ever meeting another stream's;
2. the plain bytes are cut into frames of ``FRAME``; the last one, which may be empty, is marked in its nonce, so that a
   stream that was cut short does not open;
3. what the stream belongs to is bound in as associated data: content that was put in another's place does not open.
"""

import hashlib
import io
import secrets
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .sealed import SealedValueError

MAGIC = b"YQS1"
FRAME = 64 * 1024
_SALT, _TAG = 32, 16


class TooLong(Exception):
    """More was written than the stream may hold."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"portal.core.sealed_streams").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Sealing(io.RawIOBase):
    """Seals what is written to it into ``box``. Nothing is whole before ``finish``; what is not finished never opens.

    ``size`` and ``sha256`` are of the plain bytes. ``TooLong`` when they grow beyond ``most``.
    """

    def __init__(self, box: BinaryIO, *, key: bytes, context: str, most: int) -> None:
        salt = secrets.token_bytes(_SALT)
        self._box, self._cipher, self._context, self._most = box, _cipher(key, salt), context.encode(), most
        self._waiting, self._number = bytearray(), 0
        self.size, self._hash = 0, hashlib.sha256()
        box.write(MAGIC + salt)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.size += len(piece)
        if self.size > self._most:
            raise TooLong
        self._hash.update(piece)
        self._waiting += piece
        while len(self._waiting) > FRAME:
            self._seal(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]
        return len(piece)

    def finish(self) -> None:
        """Seal what waits as the last frame; nothing may be written afterwards."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._box.write(self._cipher.encrypt(_nonce(self._number, last), piece, self._context))
        self._number += 1


class _Opening(io.RawIOBase):
    """The plain bytes of a sealed ``box``, from its beginning to its end."""

    def __init__(self, box: BinaryIO, *, key: bytes, context: str) -> None:
        self._box, self._context = box, context.encode()
        head = box.read(len(MAGIC) + _SALT)
        if len(head) != len(MAGIC) + _SALT or not head.startswith(MAGIC):
            raise SealedValueError(f"not a sealed stream in {context}")
        self._cipher = _cipher(key, head[len(MAGIC) :])
        self._number, self._plain, self._ended = 0, b"", False
        self._ahead = box.read(FRAME + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._plain and not self._ended:
            self._open_next()
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_next(self) -> None:
        frame, self._ahead = self._ahead, self._box.read(FRAME + _TAG)
        self._ended = not self._ahead
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, self._ended), frame, self._context)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a tag
            words = f"a stream in {self._context.decode()} was changed, cut short or moved from another place"
            raise SealedValueError(words) from error
        self._number += 1

    def close(self) -> None:
        self._box.close()
        super().close()


def opened(box: BinaryIO, *, key: bytes, context: str) -> BinaryIO:
    """What ``Sealing`` hid in ``box``, to be read once from the beginning; closing it closes ``box``.

    ``SealedValueError`` at once for what is no sealed stream or does not begin as it was written, and on reading for
    what was changed or cut short further on.
    """
    reader = io.BufferedReader(_Opening(box, key=key, context=context), FRAME)
    reader.peek(1)
    return cast(BinaryIO, reader)
