"""Memory that is freed: kept where it is asked for again, given back where it is not."""

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

KEEP_A_FEW = """
import re
from pathlib import Path
from loader.freed_memory import give_back_freed_memory, give_back_large_memory
def megabytes():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
give_back_large_memory()
before = megabytes()
many = [(b"%d" % number).ljust(2_000) for number in range(50_000)]
few = many[::1_000]
del many
give_back_freed_memory()
print(megabytes() - before)
"""

gnu_alone = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries are left alone"
)


def _printed(program: str) -> int:
    process = [sys.executable, "-c", program]
    return int(subprocess.run(process, check=True, capture_output=True, text=True).stdout)


@gnu_alone
def test_what_is_asked_for_again_is_there() -> None:
    assert _printed(ASK_AGAIN_AND_AGAIN) < 1_000, "once three times 4 MB are 3,000 pages"


@gnu_alone
def test_what_lies_between_is_given_back() -> None:
    assert _printed(KEEP_A_FEW) < 20, "100 MB were asked for"
