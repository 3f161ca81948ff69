"""The bytes of an input in their order, with a look ahead; what goes wrong is a sentence."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO

from loader.errors import InputError, LoaderError
from loader.reading import archives, compression
from loader.reading.compression import Read
from loader.secrets import without_secrets

FAULTS = (*compression.FAULTS, *archives.FAULTS, ValueError)

_SPOOLED_AT_A_TIME = 1024 * 1024


class Content:
    """A stream that is read from its beginning to its end."""

    def __init__(self, name: str, read: Read, faults: tuple[type[Exception], ...] = FAULTS) -> None:
        """`faults` is what `read` raises when something is wrong with the input."""
        self.name = name
        self._read = read
        self._faults: tuple[type[Exception], ...] = (LoaderError, *faults)
        self._ahead = b""
        self._fault: Exception | None = None
        self.position = 0  # bytes taken from the stream

    def head(self, size: int) -> bytes:
        """How it begins, without taking it; fewer bytes if there are no more."""
        head = self.read(size)
        self._ahead = head + self._ahead
        return head

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end or before a damage.

        Raises LoaderError at the damage.
        """
        pieces = [self._ahead[:size]]
        self._ahead = self._ahead[size:]
        missing = size - len(pieces[0])
        try:
            while missing > 0 and not self._fault and (piece := self._read(missing)):
                pieces.append(piece)
                self.position += len(piece)
                missing -= len(piece)
        except self._faults as error:
            self._fault = error  # what was read before it counts
        data = b"".join(pieces)
        if self._fault and size and not data:
            if isinstance(self._fault, LoaderError):
                raise self._fault
            raise unreadable(self.name, self._fault) from self._fault
        return data

    def spooled(self) -> IO[bytes]:
        """All of it in a temporary file, which can be read at any place."""
        file = TemporaryFile(prefix="loader-")  # noqa: SIM115  # the caller closes it
        while data := self.read(_SPOOLED_AT_A_TIME):
            file.write(data)
        file.seek(0)
        return file


def unreadable(name: str, error: Exception) -> InputError:
    """What to say of an input that is damaged."""
    what = without_secrets(str(error)).strip().rstrip(".") or type(error).__name__
    return InputError(
        f"Cannot read {name} further: {what}. What has landed stays; "
        "repair the file and load it again."
    )
