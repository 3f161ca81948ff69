"""Records found and read by compiled code: `scanner.c`, which is built with the package.

The functions release Python's lock while they work, so that threads can share a file.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from loader.errors import LoaderError
from loader.lazy_numpy import numpy

if TYPE_CHECKING:
    from numpy import int64, uint8, uint64
    from numpy.typing import NDArray

LIBRARY = Path(__file__).with_name("scanner.lib")

# What `Scanned.kinds` has, as scanner.c numbers it.
OTHER, USUAL, BLANK = range(3)

# So many bytes a length takes at most, written before a text.
_LENGTH_BYTES = 10

# Lines of a chunk are mostly longer, on average.
_SHORT_LINE = 256

Places: TypeAlias = "NDArray[uint64]"


@dataclass(frozen=True, eq=False)
class Texts(Sequence[bytes]):
    """Many texts, by their places in some bytes: `data`, or, counted on from its end, `more`."""

    data: bytes
    begins: Places
    lengths: Places
    more: bytes = b""

    @staticmethod
    def of(texts: Sequence[bytes]) -> Texts:
        """Texts that stand anywhere, copied."""
        return Texts(b"".join(texts), *_side_by_side(texts))

    def followed_by(self, texts: Sequence[bytes]) -> Texts:
        """These texts, and some that do not stand in the same bytes."""
        np = numpy()
        begins, lengths = _side_by_side(texts)
        begins += np.uint64(len(self.data) + len(self.more))
        return Texts(
            self.data,
            np.concatenate([self.begins, begins]),
            np.concatenate([self.lengths, lengths]),
            self.more + b"".join(texts),
        )

    def only(self, rows: NDArray[int64]) -> Texts:
        """Those of these numbers, in that order."""
        return Texts(self.data, self.begins[rows], self.lengths[rows], self.more)

    def __len__(self) -> int:
        return len(self.begins)

    @overload
    def __getitem__(self, row: int) -> bytes: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[bytes]: ...
    def __getitem__(self, row: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(row, slice):
            return Texts(self.data, self.begins[row], self.lengths[row], self.more)
        return self._text(int(self.begins[row]), int(self.lengths[row]))

    def __iter__(self) -> Iterator[bytes]:
        # Places one by one out of numpy take as long as a text does.
        return map(self._text, self.begins.tolist(), self.lengths.tolist())

    def _text(self, begin: int, length: int) -> bytes:
        if begin < len(self.data):
            return self.data[begin : begin + length]
        begin -= len(self.data)
        return self.more[begin : begin + length]


def _side_by_side(texts: Sequence[bytes]) -> tuple[Places, Places]:
    np = numpy()
    lengths = np.array([len(text) for text in texts], np.uint64)
    return np.cumsum(lengths, dtype=np.uint64) - lengths, lengths


@dataclass(frozen=True, eq=False)
class Scanned:
    """Records, without the blanks around them; ids and times are those of usual statements.

    A usual statement is surely valid by the rules of `loader.envelope`: `examine` would say
    the same of it. What another record is has to be found out.
    """

    texts: Texts
    kinds: NDArray[uint8]
    ids: NDArray[uint8]  # 16 of each, in the order of the written digits
    times: NDArray[int64]  # microseconds since 1970


def find_lines(data: bytes) -> tuple[Texts, int]:
    """The lines of some bytes without their ends, and how many ends there are."""
    np, library = numpy(), _library()
    count, room = len(data) // _SHORT_LINE + 1, 0
    while count > room:
        room = count
        begins, lengths = np.empty(room, np.uint64), np.empty(room, np.uint64)
        count = library.find_lines(data, len(data), room, _at(begins), _at(lengths))
    texts = Texts(data, begins[:count], lengths[:count])
    return texts, count if data.endswith(b"\n") else max(count - 1, 0)


def scan(texts: Texts, longest: int) -> Scanned:
    """What each record is that stands in `texts.data`; only up to `longest` bytes are usual."""
    np, count = numpy(), len(texts)
    begins, lengths = texts.begins.copy(), texts.lengths.copy()
    kinds = np.empty(count, np.uint8)
    ids, times = np.empty((count, 16), np.uint8), np.empty(count, np.int64)
    columns = (begins, lengths, kinds, ids, times)
    _library().scan(texts.data, len(texts.data), longest, count, *map(_at, columns))
    return Scanned(Texts(texts.data, begins, lengths), kinds, ids, times)


def write_texts(texts: Texts) -> memoryview:
    """Texts as a column of ClickHouse's Native format."""
    np = numpy()
    written = np.empty(int(texts.lengths.sum()) + _LENGTH_BYTES * len(texts), np.uint8)
    size = _library().write_texts(
        texts.data,
        len(texts.data),
        texts.more,
        len(texts),
        _at(texts.begins),
        _at(texts.lengths),
        _at(written),
    )
    return memoryview(written)[:size]


def _at(column: NDArray[Any]) -> int:
    """Where a column is in memory, its values one after the other."""
    assert column.flags.c_contiguous
    return int(column.ctypes.data)


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise LoaderError(
            f"The compiled part of the loader cannot be used ({error}): install the package "
            "again with pip, which builds it."
        ) from None
    size, place = ctypes.c_size_t, ctypes.c_void_p
    data = (ctypes.c_char_p, size)
    library.find_lines.argtypes = (*data, size, place, place)
    library.find_lines.restype = size
    library.scan.argtypes = (*data, size, size, place, place, place, place, place)
    library.scan.restype = None
    library.write_texts.argtypes = (*data, ctypes.c_char_p, size, place, place, place)
    library.write_texts.restype = size
    return library
