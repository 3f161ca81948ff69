"""What a pull is made of, one by one: URLs, credentials, pauses, and how far one has seen."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from loader.errors import UsageError
from loader.patience import Patience, asked_pause
from loader.pull.address import following, statements_url
from loader.pull.credentials import Credentials, load_credentials
from loader.pull.page import NotAPageError, Times, moment, read_page
from loader.pull.position import Seen

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("https://ralph.example.org/xAPI", "https://ralph.example.org/xAPI/statements"),
        ("https://ralph.example.org/xAPI/statements", "https://ralph.example.org/xAPI/statements"),
        ("https://name.lrs.io/xapi/", "https://name.lrs.io/xapi/statements"),
        (
            "HTTPS://LRS.Example.org:8443/data/xAPI",
            "https://lrs.example.org:8443/data/xAPI/statements",
        ),
        ("http://[::1]:8080/xapi/statements/", "http://[::1]:8080/xapi/statements"),
    ],
)
def test_an_lrs_is_named_by_its_endpoint(given_url: str, expected: str) -> None:
    assert statements_url(given_url) == expected


@pytest.mark.parametrize(
    "given_url", ["lrs.example.org", "ftp://lrs.example.org", "https:///xapi", "http://x:y"]
)
def test_what_is_no_url(given_url: str) -> None:
    with pytest.raises(UsageError, match="This is no URL of an LRS"):
        statements_url(given_url)


@pytest.mark.parametrize(
    "given_url",
    ["https://key:sesame@lrs.example.org/xapi", "https://lrs.example.org/xapi?key=sesame"],
)
def test_credentials_in_the_url_are_refused_and_not_repeated(given_url: str) -> None:
    with pytest.raises(UsageError, match="Put credentials into LRS_USER") as refusal:
        statements_url(given_url)
    assert "sesame" not in str(refusal.value)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("/xapi/statements?cursor=1", "https://lrs.example.org/xapi/statements?cursor=1"),
        ("more/17", "https://lrs.example.org/xapi/more/17"),
        ("?cursor=1", "https://lrs.example.org/xapi/statements?cursor=1"),
        ("http://inner:8080/xapi/more?id=1", "https://lrs.example.org/xapi/more?id=1"),
        ("//elsewhere.example/steal", "https://lrs.example.org/steal"),
    ],
)
def test_the_next_page_is_on_the_same_server(more: str, expected: str) -> None:
    assert following("https://lrs.example.org/xapi/statements", more) == expected


def test_credentials_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LRS_USER", "LRS_PASSWORD", "LRS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert load_credentials().header == {}
    (tmp_path / ".env").write_text("LRS_USER=key\nLRS_PASSWORD=sesäme\n", encoding="utf-8")
    assert load_credentials().header == {"Authorization": "Basic a2V5OnNlc8OkbWU="}
    monkeypatch.setenv("LRS_USER", "other")
    assert load_credentials().user == "other"
    assert load_credentials("third").user == "third"
    monkeypatch.setenv("LRS_TOKEN", "abc")
    with pytest.raises(UsageError, match="LRS_TOKEN and LRS_USER are both set"):
        load_credentials()
    with pytest.raises(UsageError, match=r"a token \(LRS_TOKEN\) and a --user"):
        load_credentials("third")
    monkeypatch.setenv("LRS_USER", "")
    assert load_credentials().header == {"Authorization": "Bearer abc"}


def test_a_password_is_no_part_of_a_users_name() -> None:
    with pytest.raises(UsageError, match="has no colon") as refusal:
        load_credentials("key:sesame")
    assert "sesame" not in str(refusal.value)


def test_credentials_do_not_show_themselves() -> None:
    secret = Credentials("key", SecretStr("sesame"), SecretStr("token"))
    assert "sesame" not in repr(secret)
    assert "token'" not in repr(secret)
    assert "key" not in Credentials("key").account
    assert Credentials("key").account != Credentials("other").account
    assert (
        Credentials(token=SecretStr("one")).account == Credentials(token=SecretStr("two")).account
    )


def test_pauses_double_and_end() -> None:
    patience = Patience(attempts=9, first_pause=1, longest_pause=60)
    for attempt, usual in enumerate([1, 2, 4, 8, 16, 32, 60, 60], start=1):
        pauses = {patience.pause(attempt, None) for _ in range(20)}
        assert len(pauses) > 1
        assert all(pause and usual / 2 <= pause <= usual for pause in pauses)
    assert patience.pause(9, None) is None


def test_a_pause_that_is_asked_for_is_kept_unless_it_is_absurd() -> None:
    patience = Patience(longest_asked=3600)
    pause = patience.pause(1, 30)
    assert pause
    assert 30 <= pause <= 31
    assert patience.pause(1, 4000) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("soon", None), ("", None), (None, None)],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert asked_pause(header) == seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-01T12:00:00Z", NOON),
        ("2026-01-01T12:00:00.000000000Z", NOON),
        ("2026-01-01T14:00:00+02:00", NOON),
        ("2026-01-01T12:00:00", NOON),
        ("0001-01-01T00:00:00+02:00", None),
        ("1577836800", None),
        ("soon", None),
        (None, None),
    ],
)
def test_times_as_stores_write_them(written: str | None, expected: datetime | None) -> None:
    assert moment(written) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"statements": [', "it is no JSON"),
        (b"<html>", "it is no JSON"),
        (b"[]", "it has no array `statements`"),
        (b'{"statements": null}', "it has no array `statements`"),
        (b'{"statements": [], "more": [1]}', "`more` is no text"),
        (b'{"statements": ' + b"[" * 100_000, "it is no JSON"),
    ],
)
def test_what_is_no_page(body: bytes, reason: str) -> None:
    with pytest.raises(NotAPageError, match=reason):
        read_page(body, None)


def test_what_is_odd_in_a_statement_is_no_fault_of_the_page() -> None:
    time = b'"2026-01-01T12:00:00Z"'
    odd = b'{"stored": %s}, {"timestamp": %s, "n": NaN}, 1, {"b": "\xff", "c": 1e999}' % (
        time,
        time,
    )
    page = read_page(b'\xef\xbb\xbf{"statements": [' + odd + b"]}\n", "2026-01-01T12:00:00Z")
    assert page.times == ((NOON, None), (None, NOON), (None, None), (None, None))
    assert page.more == ""
    assert page.consistent_through == NOON


def at(minutes: int | None) -> datetime | None:
    return None if minutes is None else NOON + minutes * MINUTE


def minutes_of(time: datetime | None) -> float | None:
    return None if time is None else (time - NOON) / MINUTE


Pair = tuple[int | None, int | None]
"""When a statement was stored, and its timestamp, in minutes after noon."""


def seen(*pages: list[Pair], through: int | None = None, tolerance: int = 2) -> Seen:
    found = Seen(tolerance * MINUTE)
    for page in pages:
        found.page([Times(at(stored), at(timestamp)) for stored, timestamp in page], at(through))
    return found


@pytest.mark.parametrize(
    ("found", "until", "at_the_end"),
    [
        (seen([(1, 1), (2, 2)], [(3, 3), (4, 4)]), 4, 4),
        (seen([(1, 9), (2, 9)], [(3, 9), (4, 9)]), 4, 4),
        (seen([(3, 1), (4, 2)]), 2, 4),  # who knows which of the times it goes by
        (seen([(9, 1), (2, 2), (3, 3)]), 3, 9),  # it goes by the timestamp
        (seen([(1, 1), (4, 4)], through=9), 4, 9),  # nothing was stored between 4 and 9
        (seen([(1, 1), (4, 4)], through=3), 3, 3),  # others from before 4 may yet show up
        (seen([(4, 4), (2, 2), (3, 3)]), 4, 4),  # within the tolerance
        (seen([(9, 9)], [(1, 1)], [(10, 10)]), None, 10),  # no order: known at the end only
        (seen([(None, 1), (None, 2)]), 2, 2),
        (seen([(None, None)]), None, None),
        (seen([(None, None)], through=5), None, 5),
        (seen([], through=5), None, 5),
        (seen([]), None, None),
    ],
)
def test_how_far_one_has_seen(found: Seen, until: int | None, at_the_end: int | None) -> None:
    assert minutes_of(found.until) == until
    assert minutes_of(found.at_the_end(None)) == at_the_end
    if at_the_end:
        assert minutes_of(found.at_the_end(NOON)) == 0


TIMES = st.integers(0, 60)
PAGES = st.lists(st.lists(st.tuples(TIMES, TIMES), max_size=5), max_size=8)


@given(PAGES, st.sampled_from([0, 1]), st.none() | TIMES, st.integers(0, 8))
def test_nothing_before_what_was_seen_is_still_to_come(
    pages: list[list[tuple[int, int]]], goes_by: int, through: int | None, shown: int
) -> None:
    """An LRS that goes by either time is left after some pages, and asked for the rest."""
    statements = sorted((one for page in pages for one in page), key=lambda one: one[goes_by])
    paged, sizes = iter(statements), [len(page) for page in pages]
    in_order: list[list[Pair]] = [list(islice(paged, size)) for size in sizes]
    until = seen(*in_order[:shown], through=through, tolerance=0).until
    if until:
        rest = [one for page in in_order[shown:] for one in page]
        seen_until = minutes_of(until)
        assert seen_until is not None
        assert all((one[goes_by] or 0) >= seen_until for one in rest)
        assert through is None or seen_until <= through
