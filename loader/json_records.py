"""Find the statements in JSON that is not one statement a line, without parsing it whole.

The text of each statement is kept as it stands, so nothing is decoded here: brackets
are counted outside strings, and what is broken is found out by the validation of each
record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from loader.blocks import MAX_STATEMENT_BYTES, Chunk
from loader.errors import LoaderError

# A whole string, a bracket, or a quote whose string goes on beyond what was read.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|"', re.DOTALL)
_BETWEEN = re.compile(rb"[\s,]*")
_SCALAR = re.compile(rb"[^\s,\]}{\[]+")
_PAGE = re.compile(rb'"statements"\Z')
_PAGE_OPENS = re.compile(rb"\s*:\s*\[")
_MAY_OPEN = re.compile(rb"\s*:?\s*")  # the same as far as it goes, if more is to come
_BOM = b"\xef\xbb\xbf"


class JsonRecords:
    """Chunks of records from JSON values: a statement, arrays, pages of an LRS.

    Elements of an array and of a page's `statements` are records, as is every other
    value, one after the other. `read(n)` gives the next bytes, b"" at the end.
    """

    def __init__(self, read: Callable[[int], bytes], size: int) -> None:
        self._read = read
        self._size = size
        self._data = b""
        self._ended = False
        self._line = 1
        self._byte = 0
        self._spans: list[tuple[int, int]] = []
        self._closers: list[bytes] = []  # what ends the arrays and pages we are in

    def chunks(self) -> Iterator[Chunk]:
        """The input's records in order, in chunks of about the given size."""
        while len(self._data) < len(_BOM) and self._more():
            pass
        position = len(_BOM) if self._data.startswith(_BOM) else 0
        while True:
            position = self._skip(position)
            if position >= len(self._data) and self._ended:
                break
            position = self._value(position)
            if position > self._size and not self._ended:
                yield self._cut(position)
                position = 0
        if self._spans:
            yield self._cut(len(self._data))

    def _cut(self, position: int) -> Chunk:
        data = self._data[:position]
        chunk = Chunk(self._byte, len(data), data, spans=tuple(self._spans))
        self._data = self._data[position:]
        self._spans = []
        self._byte += position
        self._line += data.count(b"\n")
        return chunk

    def _more(self) -> bool:
        block = self._read(self._size)
        self._data += block
        self._ended = not block
        return bool(block)

    def _skip(self, position: int) -> int:
        """The place of the next value, past white space and commas."""
        while True:
            found = _BETWEEN.match(self._data, position)
            position = found.end() if found else position
            if position < len(self._data) or not self._more():
                return position

    def _value(self, position: int) -> int:
        """Take the value at `position`; the place after it."""
        first = self._data[position : position + 1]
        if self._closers and first == self._closers[-1]:
            self._closers.pop()
            return position + 1
        if first == b"[" and not self._closers:
            self._closers.append(b"]")
            return position + 1
        if first in (b"{", b"[", b'"'):
            return self._bracketed(position)
        return self._scalar(position)

    def _scalar(self, start: int) -> int:
        while True:
            found = _SCALAR.match(self._data, start)
            end = found.end() if found else start + 1
            if end < len(self._data) or not self._more():
                return self._take(start, end)

    def _take(self, start: int, end: int) -> int:
        """A value from start to end: a record, unless it belongs to a page's own members."""
        if self._closers[-1:] != [b"}"]:
            self._spans.append((start, end))
        return end

    def _bracketed(self, start: int) -> int:
        depth, position = 0, start
        while True:
            token = _TOKEN.search(self._data, position)
            if token is None or token.group() == b'"':
                position = token.start() if token else len(self._data)
                if len(self._data) - start > MAX_STATEMENT_BYTES:
                    raise self._too_large(start)
                if not self._more():
                    return self._take(start, len(self._data))
                continue
            position = token.end()
            if token.group() in (b"{", b"["):
                depth += 1
            elif token.group() in (b"}", b"]"):
                depth -= 1
            elif depth == 1 and not self._closers and _PAGE.match(token.group()):
                opened = self._page_opens(position)
                if opened:
                    self._closers += [b"}", b"]"]
                    return opened
            if depth <= 0:
                return self._take(start, position)

    def _too_large(self, start: int) -> LoaderError:
        line = self._line + self._data.count(b"\n", 0, start)
        limit = MAX_STATEMENT_BYTES // 1024**2
        return LoaderError(
            f"The value that begins in line {line} (byte {self._byte + start}) has no end within "
            f"{limit} MiB: is a bracket or a quote missing? What has landed stays."
        )

    def _page_opens(self, position: int) -> int | None:
        """The place after `: [` if it stands at `position`."""
        while not (found := _PAGE_OPENS.match(self._data, position)):
            if not _MAY_OPEN.fullmatch(self._data, position) or not self._more():
                return None
        return found.end()
