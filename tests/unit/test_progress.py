"""What is shown while something runs: a line that fits, and nothing without a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

from loader.cli.progress import SHOWN_OF_NAME, shortened

SCRIPT = """
from loader.cli.progress import display
with display() as bars:
    show = bars.start("exports/of/a/folder/with/a/long/name/statements-of-november.jsonl.gz", 100)
    show(50, 12_345, 1_234)
"""
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def at_a_terminal(columns: int) -> list[str]:
    """The lines that the script writes to the terminal of its standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stderr=theirs, env=variables | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    text = CONTROL.sub("", written.decode())
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def test_a_line_fits_and_says_rate_time_and_what_cannot_land() -> None:
    *_, last = at_a_terminal(80)
    assert len(last) <= 80
    assert last.startswith("…ts-of-november.jsonl.gz ")
    assert " 50% 12,345 " in last
    assert re.search(r" [\d,]+/s (\d\d:\d\d|--:--) 1,234 not landed$", last)


def test_without_a_terminal_nothing_is_shown() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_long_name_shows_its_end() -> None:
    assert shortened("a.jsonl") == "a.jsonl"
    assert shortened("x" * 50 + ".jsonl") == "…" + "x" * (SHOWN_OF_NAME - 7) + ".jsonl"
