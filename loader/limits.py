"""What an input may ask of the loader, so that none can exhaust the machine."""

from __future__ import annotations

from dataclasses import dataclass

# How much of a statement that is too large is kept with its rejection.
KEPT_OF_TOO_LARGE = 64 * 1024

# The parser of statements goes no deeper, whatever is set.
PARSER_NESTING = 200


@dataclass(frozen=True)
class Limits:
    """What is beyond them is refused: a statement is rejected, an input is not read further.

    Users set them by environment variables, see `loader.settings`.
    """

    statement_bytes: int = 16 * 1024 * 1024  # of one statement, line, row or JSON value
    nesting: int = PARSER_NESTING  # objects and arrays within one another
    expansion: int = 500  # bytes that one byte of a compressed input may become

    @property
    def statement_size(self) -> str:
        """The largest statement, as people write it."""
        return in_words(self.statement_bytes)


def in_words(size: int) -> str:
    """A number of bytes: 16 MiB, 300 KiB, 1000 bytes."""
    for unit, bytes_of in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if size % bytes_of == 0:
            return f"{size // bytes_of} {unit}"
    return f"{size:,} bytes"
