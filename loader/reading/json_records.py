"""Find the statements in JSON that is not one statement a line, their text as it stands.

Where a value ends is what Python's own parser says. Of what it cannot parse, because
it is broken or not all read yet, brackets are counted outside strings; what is wrong
with it is found out by the validation of the record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum, auto

from loader.chunks import Chunk
from loader.errors import InputError
from loader.limits import Limits
from loader.reading.json_strings import IN_STRING, string_end, token_end
from loader.reading.lines import MOST_LINES

_MARK = re.compile(rb'[{}\[\]"]')
_BETWEEN = re.compile(rb"[\s,\0]*")  # NUL ends each message of GELF over TCP
_SCALAR = re.compile(rb"[^\s,\0\]}{\[]+")
_KEY = re.compile(rb'"' + IN_STRING + rb'"\s*:\s*', re.DOTALL)
_PAGE_KEY = re.compile(rb'"statements"\s*:\s*\[')
_PAGE_KEY_SO_FAR = re.compile(rb'"statements"\s*(:\s*)?\Z')
_SEPARATORS = b" \t\r\n\0,"
_BOM = b"\xef\xbb\xbf"

# An error this near to the end of what was read may be because the rest is missing.
_LONGEST_LITERAL = 16

_LONGEST_INDENT = 256

# Numbers are not looked at: some have more digits than Python converts.
_parse = json.JSONDecoder(strict=False, parse_int=str, parse_float=str).raw_decode


class _Parsed(Enum):
    WHOLE = auto()
    BROKEN = auto()
    TOO_DEEP = auto()  # for Python's parser
    UNKNOWN = auto()  # not all read yet, or a page


class JsonRecords:
    """Chunks of records from JSON values: a statement, arrays, pages of an LRS.

    Elements of an array and of a page's `statements` are records, as is every other
    value, one after the other. `read(n)` gives the next bytes, b"" at the end.
    """

    def __init__(self, read: Callable[[int], bytes], size: int, limits: Limits) -> None:
        self._read = read
        self._size = size
        self._limit = limits.statement_bytes
        self._limit_in_words = limits.statement_size
        self._data = b""
        self._text = ""  # the same, a character for a byte, for the parser
        self._ended = False
        self._line = 1
        self._byte = 0
        self._spans: list[tuple[int, int]] = []
        self._closers: list[bytes] = []  # what ends the arrays and pages we are in
        self._before = b""  # the same line before `_data`
        self._is_huge = False  # whether the value at the position is, that was not taken

    def chunks(self) -> Iterator[Chunk]:
        """The input's records in order, in chunks of about the given size.

        Raises LoaderError for a value that is too large and has no end.
        """
        while len(self._data) < len(_BOM) and self._more():
            pass
        position = len(_BOM) if self._data.startswith(_BOM) else 0
        while True:
            position = self._skip(position)
            if position >= len(self._data) and self._ended:
                break
            position = self._value(position)
            if self._is_huge:
                yield from self._passed_over(position)
                position, self._is_huge = 0, False
            elif (position > self._size and not self._ended) or len(self._spans) >= MOST_LINES:
                yield self._cut(position)
                position = 0
        if self._data:
            yield self._cut(len(self._data))

    def _cut(self, position: int) -> Chunk:
        chunk = Chunk(self._byte, position, self._data[:position], spans=tuple(self._spans))
        self._spans = []
        self._forget(position)
        return chunk

    def _forget(self, position: int) -> None:
        self._byte += position
        self._line += self._data.count(b"\n", 0, position)
        before = (self._before + self._data[:position]).rpartition(b"\n")[2]
        self._before = before[-_LONGEST_INDENT:]
        self._data = self._data[position:]
        self._text = self._text[position:]

    def _more(self) -> bool:
        block = self._read(self._size)
        self._data += block
        self._text += block.decode("latin-1")
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
        if self._closers[-1:] == [b"}"]:
            return self._member(position)
        if first == b"[" and not self._closers:
            self._closers.append(b"]")
            return position + 1
        if first == b"{" and not self._closers:
            state, end = self._parsed(position)
            if state is _Parsed.WHOLE:
                return self._take(position, end)
            opened = self._scan(position, for_page=True)
            if opened:
                self._closers += [b"}", b"]"]
                return opened
        return self._take(position, self._end(position))

    def _take(self, start: int, end: int | None) -> int:
        if end is None:
            self._is_huge = True
            return start
        last = end
        while last > start + 1 and self._data[last - 1] in _SEPARATORS:
            last -= 1
        self._spans.append((start, min(last, start + self._limit + 1)))
        return end

    def _member(self, start: int) -> int:
        """Pass over a member of a page, which is no statement: `"more": "/next"`."""
        while not (key := _KEY.match(self._data, start)) or key.end() == len(self._data):
            if len(self._data) - start > self._limit or not self._more():
                break
        if key is None:  # the page was not closed, and this does not belong to it
            self._closers.clear()
            return start
        if _PAGE_KEY.match(self._data, start):
            self._closers.append(b"]")
            return key.end() + 1
        if key.end() == len(self._data):
            return key.end()
        end = self._end(key.end())
        self._is_huge = end is None
        return key.end() if end is None else end

    def _end(self, start: int) -> int | None:
        """Where the value at `start` ends; None if that is too far to look for."""
        if self._data[start : start + 1] not in (b"{", b"[", b'"'):
            return self._scalar_end(start)
        state, end = self._parsed(start)
        if state is _Parsed.WHOLE:
            return end
        if state is not _Parsed.BROKEN:
            closed = self._scan(start)
            state, end = self._parsed(start, is_all=closed is not None)
            if state is not _Parsed.BROKEN:
                return end if state is _Parsed.WHOLE else closed
        closed = self._scan(start, stop=self._restart(start, len(self._data)))
        beyond = start + self._limit if closed is None else closed
        return self._restart(start, beyond) or closed

    def _scalar_end(self, start: int) -> int:
        while True:
            found = _SCALAR.match(self._data, start)
            end = found.end() if found else start + 1
            if end - start > self._limit:
                return start + self._limit + 1
            if end < len(self._data) or not self._more():
                return end

    def _parsed(self, start: int, is_all: bool = False) -> tuple[_Parsed, int]:
        """What Python's parser makes of the value at `start`, and its end.

        `is_all` says that all of the value has been read.
        """
        try:
            value, end = _parse(self._text, start)
        except json.JSONDecodeError as error:
            is_sure = error.pos < len(self._text) - _LONGEST_LITERAL
            is_sure = is_sure and not error.msg.startswith("Unterminated")
            if is_sure or is_all or self._ended:
                return _Parsed.BROKEN, 0
            return _Parsed.UNKNOWN, 0
        except RecursionError:
            return _Parsed.TOO_DEEP, 0
        may_be_page = not self._closers and isinstance(value, dict) and "statements" in value
        if may_be_page and isinstance(value["statements"], list):
            return _Parsed.UNKNOWN, end
        return _Parsed.WHOLE, end

    def _restart(self, start: int, end: int) -> int | None:
        """Where in a broken value the next one seems to begin.

        That is a line that opens an object exactly as indented as this value's line: what
        is inside of a value stands further in.
        """
        line_start = self._data.rfind(b"\n", 0, start) + 1
        line = self._data[line_start:start] if line_start else self._before + self._data[:start]
        indent = line.removeprefix(_BOM).removeprefix(b"[")
        if self._data[start : start + 1] != b"{" or indent.strip():
            return None
        found = self._data.find(b"\n" + indent + b"{", start, end)
        return found + 1 + len(indent) if found >= 0 else None

    def _scan(  # noqa: C901  # one loop, one decision a token
        self, start: int, stop: int | None = None, for_page: bool = False
    ) -> int | None:
        """Where the brackets that open at `start` are closed, at the latest at `stop`.

        That is the end of the input if they never are, and None if that is beyond the
        limit. With `for_page`, the place behind `"statements": [` instead, else None.
        """
        depth, position = 0, start
        while position - start <= self._limit:
            token = _MARK.search(self._data, position)
            end = token_end(self._data, token) if token else None
            if token is None or end is None:
                position = token.start() if token else len(self._data)
                if len(self._data) - start > self._limit:
                    return None
                if not self._more():
                    return None if for_page else len(self._data)
                continue
            if stop is not None and token.start() >= stop:
                return stop
            position = end
            if token.group() in (b"{", b"["):
                depth += 1
            elif token.group() in (b"}", b"]"):
                depth -= 1
            elif for_page and depth == 1:
                while _PAGE_KEY_SO_FAR.match(self._data, token.start()) and self._more():
                    pass
                opens = _PAGE_KEY.match(self._data, token.start())
                if opens:
                    return opens.end()
            if depth <= 0:
                return None if for_page else position
        return None

    def _passed_over(self, start: int) -> Iterator[Chunk]:
        """A value too large, by its beginning alone; its end is found without keeping it."""
        if start:
            yield self._cut(start)
        line, first_byte, kept = self._line, self._byte, self._data[: self._limit + 1]
        depth, in_string, ended = 0, False, False
        while not ended:
            position, depth, in_string = self._skimmed(depth, in_string)
            ended = depth <= 0 and not in_string
            self._forget(position)
            if not ended and not self._more():
                break
        size, line_ends = self._byte - first_byte, self._line - line
        spans = ((0, len(kept)),)
        yield Chunk(first_byte, size, kept, spans=spans, line_ends=line_ends)
        if not ended:
            raise InputError(
                f"The value that begins in line {line} (byte {first_byte}) is larger than "
                f"{self._limit_in_words} and has no end: is a bracket or a quote missing? "
                "What has landed stays."
            )

    def _skimmed(self, depth: int, in_string: bool) -> tuple[int, int, bool]:
        """How far what was read goes: to where the brackets are closed, or nearly to its end."""
        position = 0
        while True:
            if in_string:
                position = string_end(self._data, position)
                if self._data[position : position + 1] != b'"':
                    return position, depth, True
                position, in_string = position + 1, False
            else:
                token = _MARK.search(self._data, position)
                if token is None:
                    return len(self._data), depth, False
                position = token.end()
                in_string = token.group() == b'"'
                depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(token.group(), 0)
            if depth <= 0 and not in_string:
                return position, depth, False
