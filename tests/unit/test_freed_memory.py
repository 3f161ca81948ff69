"""Memory that is freed and asked for again does not come from the kernel each time."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ASK_AGAIN_AND_AGAIN = """
import resource
from loader.freed_memory import keep_freed_memory
keep_freed_memory()
def ask():
    three = [b"x" * 4_000_000 for _ in range(3)]
ask()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    ask()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left alone")
def test_what_is_asked_for_again_is_there() -> None:
    process = [sys.executable, "-c", ASK_AGAIN_AND_AGAIN]
    pages = subprocess.run(process, check=True, capture_output=True, text=True).stdout
    assert int(pages) < 1_000, "once three times 4 MB are 3,000 pages"
