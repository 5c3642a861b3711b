"""What a person sends stays in memory until it is sealed: an upload never lies in clear in a temporary file.

Django would write a large one to the temporary directory, where it would be readable while its request runs, and stay
when the process is killed. Here a file beyond what ``files.store`` takes is counted, not kept: its ``size`` tells the
form that it is too big. What one request may hold in memory is bounded with it.
"""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from .files import MAX_BYTES

MOST_OF_A_REQUEST = 4 * MAX_BYTES


class InMemoryHandler(FileUploadHandler):
    """Keeps each file of a request in memory, up to ``MAX_BYTES``; of a longer one nothing but its length."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._kept = 0  # bytes of the whole request

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self._box, self._length, self._full = io.BytesIO(), 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless the file has become longer than any file may be, or the request holds too much."""
        self._length += len(raw_data)
        self._kept += len(raw_data)
        if self._length > MAX_BYTES or self._kept > MOST_OF_A_REQUEST:
            self._box, self._full = io.BytesIO(), True
        elif not self._full:
            self._box.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file as a form meets it; one that was not kept says a size that no form takes."""
        self._box.seek(0)
        return InMemoryUploadedFile(
            self._box,
            self.field_name,
            self.file_name or "",
            self.content_type,
            max(file_size, MAX_BYTES + 1) if self._full else file_size,
            self.charset,
            self.content_type_extra,
        )
