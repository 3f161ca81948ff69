"""Records in JSON that is not one a line: every value whole, wherever it stands."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.chunks import records_of
from loader.errors import LoaderError
from loader.limits import Limits
from loader.reading.json_records import JsonRecords

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
DEFAULT = Limits()
SPACES = st.text(" \n\t\r", max_size=3).map(str.encode)


def found(content: bytes, size: int, limits: Limits = DEFAULT) -> list[tuple[int, int, bytes]]:
    """Line, byte and text of every record, read `size` bytes at a time."""
    seen, first_line, first_byte = [], 0, 0
    for chunk in JsonRecords(io.BytesIO(content).read, size, limits).chunks():
        assert content[chunk.first_byte :].startswith(chunk.data)
        assert chunk.first_byte == first_byte
        cut = records_of(chunk.data, chunk)
        for line, byte, text in zip(cut.lines, cut.offsets, cut.texts, strict=True):
            seen.append((first_line + line, byte, text))
            assert content[byte : byte + len(text)] == text
            assert content.count(b"\n", 0, byte) == first_line + line
        first_line += cut.line_ends
        first_byte += chunk.size
    assert first_byte == len(content)
    return seen


def texts(content: bytes, size: int) -> list[bytes]:
    return [text for _, _, text in found(content, size)]


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


BROKEN = [b'{"a": 1', b'{"a": "x}', b'{"a": [1}', b"{a: 1}", b'{"a": 1},}', b'{"a" 1}', b'{"a": {}']


@given(
    st.lists(
        OBJECTS.map(lambda made: written(made, False, True)) | st.sampled_from(BROKEN),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([b"[\n", b'{"statements": [\n', b"  [\n  ", b""]),
    st.integers(1, 40),
)
def test_what_is_broken_costs_itself_alone(values: list[bytes], head: bytes, size: int) -> None:
    """Of values on lines of their own: the next line begins the next value."""
    indent = head.rpartition(b"\n")[2]
    content = head + (b",\n" + indent).join(values)
    seen = texts(content, size)
    whole = [value for value in values if value not in BROKEN]
    assert [text for text in seen if text in whole] == whole


def test_a_page_that_was_not_closed_does_not_hide_the_next_one() -> None:
    one, two = b'{"statements": [{"a": 1}]', b'{"more": "", "statements": [{"b": 2}]}'
    for size in (1, 7, 1000):
        assert texts(one + b"\n" + two, size) == [b'{"a": 1}', b'{"b": 2}']
        assert texts(one + b", stray]}\n" + two, size) == [
            *(b'{"a": 1}', b"stray", b"]", b"}"),
            b'{"b": 2}',
        ]


def test_a_page_may_have_its_statements_twice() -> None:
    content = b'{"statements": [1], "more": {"x": [9]}, "statements" : [2, 3], "n": 5} 4'
    for size in (1, 7, 1000):
        assert texts(content, size) == [b"1", b"2", b"3", b"4"]


def test_messages_that_end_with_nul() -> None:
    assert texts(b'{"a": 1}\0{"b": 2}\0', 1000) == [b'{"a": 1}', b'{"b": 2}']


def test_a_number_longer_than_python_takes() -> None:
    assert texts(b"[" + b"9" * 5000 + b', {"n": ' + b"9" * 5000 + b"}]", 100) == [
        b"9" * 5000,
        b'{"n": ' + b"9" * 5000 + b"}",
    ]


@pytest.mark.parametrize("end", [b'"}]', b""])
def test_a_string_of_escapes_takes_no_memory_beyond_it(end: bytes) -> None:
    content = b'[{"x": "' + b'\\"' * 500_000 + end
    tracemalloc.start()
    try:
        records = texts(content, 300_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [len(one) for one in records] == [1_000_000 + 7 + 2 * bool(end)]
    assert peak < 12 * len(content)


def test_a_value_nested_deeper_than_python_parses_is_one_record() -> None:
    deep = b'{"a": ' + b"[\n" * 100_000 + b"]" * 100_000 + b"}"
    assert texts(b"[" + deep + b', {"b": 1}]', 100_000) == [deep, b'{"b": 1}']


def test_lines_are_counted_from_the_start_of_each_chunk() -> None:
    content = b'[\n{"a":\n1},\n\n{"b": 2}\n]\n{"c": 3}'
    assert [(line, byte) for line, byte, _ in found(content, 1000)] == [(1, 2), (4, 13), (6, 24)]


@pytest.mark.parametrize("size", [1, 10, 1000])
@pytest.mark.parametrize(
    "large",
    [
        b'{"b": "' + b'x\\"' * 100 + b'"}',
        b'"' + b"x" * 300 + b'"',
        b"[" * 100 + b"\n\n" + b"]" * 100,
        b'{"b": [' + b'{"c": "}"},\n' * 30 + b'{"c": 1}]}',
    ],
)
def test_a_value_too_large_is_one_record_and_the_next_one_is_found(size: int, large: bytes) -> None:
    limits = Limits(statement_bytes=100)
    content = b'[{"a": 1},\n' + large + b', {"z": 1}]'
    assert found(content, size, limits) == [
        (0, 1, b'{"a": 1}'),
        (1, 11, large[:101]),
        (1 + large.count(b"\n"), content.index(b'{"z'), b'{"z": 1}'),
    ]


@pytest.mark.parametrize("size", [10, 1000])
def test_a_value_too_large_that_has_no_end_is_said_with_its_place(size: int) -> None:
    content = b'[{"a": 1},\n{"b": "' + b"x" * 200
    told = r"begins in line 2 \(byte 11\) is larger than 100 bytes and has no end: is a bracket"
    with pytest.raises(LoaderError, match=told):
        found(content, size, Limits(statement_bytes=100))
