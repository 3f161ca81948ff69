"""The command `loader pull`: what it prints, its exit codes, and what it never says."""

from __future__ import annotations

import json

import pytest

from tests import lrs as lrs_server
from tests.command import Command
from tests.integration.pulling import made
from tests.lrs import PASSWORD, TOKEN, USER, TestLrs
from tests.statements import statement

KEYS = {"LRS_USER": USER, "LRS_PASSWORD": PASSWORD}


def test_the_command_tells_what_came_and_how_far_it_is(command: Command, lrs: TestLrs) -> None:
    lrs.page_size = 4
    lrs.store(*made(1, 10))
    lrs.faults += [lrs_server.status(429, Retry_After="0")]
    first = command("pull", lrs.endpoint, variables=KEYS)
    assert first.returncode == 0, first.stderr
    made_it, waited = first.stderr.splitlines()
    assert made_it.startswith("Made the warehouse's tables (")
    assert waited.startswith("The LRS answers 429 Too Many Requests: waiting 0.")
    head, row, _, _, after, reached = first.stdout.splitlines()
    assert head.split()[:3] == ["lrs", "lines", "landed"]
    assert row.split()[:-2] == [lrs.url, "10", "10", "0", "0", "0"]
    assert after.startswith("Next: `dbt run`")
    assert reached == "All that was stored until 2026-01-01 00:00:10 UTC has been seen."
    again = command("pull", "--overlap", "2s", "--json", lrs.endpoint, variables=KEYS)
    assert again.returncode == 0
    told = json.loads(again.stdout)
    assert (told["lines"], told["landed"], told["duplicates"], told["loads"]) == (2, 0, 2, 1)
    assert (told["lrs"], told["seen_until"]) == (lrs.url, "2026-01-01T00:00:10+00:00")


def test_rejects_and_failures_have_their_exit_codes(alone: Command, lrs: TestLrs) -> None:
    lrs.store(statement(1), {"no": "statement"})
    token = {"LRS_TOKEN": TOKEN}
    assert alone("pull", lrs.endpoint, variables=token).returncode == 3
    lrs.faults += [lrs_server.status(404)]
    failed = alone("pull", "--json", lrs.endpoint, variables=token)
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"Error: The LRS at {lrs.url} has no statements there (404")
    assert json.loads(failed.stdout)["error"].startswith("The LRS at")


def test_no_secret_is_ever_said(alone: Command, lrs: TestLrs) -> None:
    secret = "of-mine-alone"  # noqa: S105
    for variables in ({"LRS_USER": USER, "LRS_PASSWORD": secret}, {"LRS_TOKEN": secret}):
        done = alone("--debug", "pull", lrs.endpoint, variables=variables)
        assert done.returncode == 1
        assert "Traceback" in done.stderr
        assert secret not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["lrs.example.org"], {}, "This is no URL of an LRS: it looks like https://"),
        (["http://k:secret@x/xapi"], {}, "The URL must hold no credentials and nothing after a qu"),
        (["--user", "key", "http://x/xapi"], {}, "There is no password for key: set LRS_PASSWORD."),
        (["--since", "soon", "http://x/xapi"], {}, "--since takes a date or a time as 2026-10-31"),
        (["--overlap", "7", "http://x/xapi"], {}, "--overlap takes a duration as 30s, 10m, 2h or"),
        (
            ["--since", "2026-01-02", "--until", "2026-01-01T23:00:00Z", "http://x/xapi"],
            {},
            "--since is not before --until",
        ),
        (["http://x/xapi"], {"LRS_TOKEN": "t", **KEYS}, "LRS_TOKEN and LRS_USER are both set"),
    ],
)
def test_wrong_usage(
    alone: Command, arguments: list[str], variables: dict[str, str], sentence: str
) -> None:
    done = alone("pull", *arguments, variables=variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1
