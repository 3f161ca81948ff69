"""Records in JSON that is not one a line: every value whole, wherever it stands."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.blocks import records
from loader.errors import LoaderError
from loader.json_records import JsonRecords

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.just("statements"), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "statements"), VALUES, max_size=4
)
SPACES = st.text(" \n\t\r", max_size=3).map(str.encode)


def found(content: bytes, size: int) -> list[tuple[int, bytes]]:
    """Byte and text of every record, read `size` bytes at a time."""
    seen = []
    for chunk in JsonRecords(io.BytesIO(content).read, size).chunks():
        assert chunk.data == content[chunk.first_byte : chunk.first_byte + chunk.size]
        seen += [(byte, text) for _, byte, text in records(chunk.data, chunk)]
    assert all(content[byte : byte + len(text)] == text for byte, text in seen)
    return seen


def texts(content: bytes, size: int) -> list[bytes]:
    return [text for _, text in found(content, size)]


def written(value: Any, pretty: bool, ascii_only: bool) -> bytes:
    return json.dumps(value, indent=1 if pretty else None, ensure_ascii=ascii_only).encode(
        errors="surrogatepass"
    )


@given(
    st.lists(OBJECTS, max_size=6),
    st.integers(1, 40),
    st.booleans(),
    st.booleans(),
    SPACES,
    st.sampled_from(["array", "page", "values", "lines", "pages"]),
)
def test_every_object_is_found_as_it_was_written(
    objects: list[Any], size: int, pretty: bool, ascii_only: bool, space: bytes, shape: str
) -> None:
    each = [written(one, pretty, ascii_only) for one in objects]
    between = space + b"," + space
    array = b"[" + space + between.join(each) + space + b"]"
    page = b'{"more": "/x?[{", "n": {"statements": [1]}, "statements"' + space + b":" + space
    page += array + b', "after": [{"a": "]"}]}'
    content = {
        "array": array,
        "page": page,
        "pages": page + space + page,
        "values": space.join(each),
        "lines": b"\n".join(each) + b"\n",
    }[shape]
    assert texts(content, size) == each * (2 if shape == "pages" else 1)


@given(st.lists(VALUES.filter(lambda value: value != []), max_size=6), st.integers(1, 30))
def test_elements_of_an_array_may_be_any_value(values: list[Any], size: int) -> None:
    each = [json.dumps(value).encode() for value in values]
    assert texts(b"[" + b",".join(each) + b"]", size) == each


@given(st.binary(max_size=200), st.integers(1, 40))
def test_whatever_the_bytes_it_comes_to_an_end(content: bytes, size: int) -> None:
    assert found(content, size) == found(content, 1000)


@given(st.text('[]{}",: \\\n1s', max_size=60), st.integers(1, 20))
def test_nothing_but_punctuation_comes_to_an_end(content: str, size: int) -> None:
    assert found(content.encode(), size) == found(content.encode(), 1000)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b" \n ", []),
        (b"\xef\xbb\xbf[{}]", [b"{}"]),
        (b"[]", []),
        (b'{"statements": []}', []),
        (b'{"a": 1, "statements": [{"b": 2}], "more": ""}', [b'{"b": 2}']),
        (b'{"statements": 5}', [b'{"statements": 5}']),
        (b'{"x": {"statements": [1]}}', [b'{"x": {"statements": [1]}}']),
        (b'[{"statements": [1]}]', [b'{"statements": [1]}']),
        (b'{"x": "\\"statements\\": [{"}', [b'{"x": "\\"statements\\": [{"}']),
        (b"[{} nonsense {}]", [b"{}", b"nonsense", b"{}"]),
        (b'{"open": 1', [b'{"open": 1']),
        (b'["open', [b'"open']),
        (b"]{}", [b"]", b"{}"]),
        (b"1 true null", [b"1", b"true", b"null"]),
    ],
)
def test_shapes(content: bytes, size: int, expected: list[bytes]) -> None:
    assert texts(content, size) == expected


def test_lines_are_counted_from_the_start_of_each_chunk() -> None:
    content = b'[\n{"a":\n1},\n\n{"b": 2}\n]\n{"c": 3}'
    (chunk,) = JsonRecords(io.BytesIO(content).read, 1000).chunks()
    assert [(line, byte) for line, byte, _ in records(chunk.data, chunk)] == [
        (1, 2),
        (4, 13),
        (6, 24),
    ]


def test_a_value_without_end_is_refused_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.json_records.MAX_STATEMENT_BYTES", 100)
    content = b'[{"a": 1},\n{"b": "' + b"x" * 200
    with pytest.raises(LoaderError, match=r"begins in line 2 \(byte 11\) has no end within"):
        list(JsonRecords(io.BytesIO(content).read, 10).chunks())
