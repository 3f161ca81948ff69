"""The library as the documentation shows it: `from loader import ingest`."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

import loader
from loader import LoaderError, Settings, UsageError
from tests.command import Command
from tests.server import ROOT
from tests.statements import lines, statement
from tests.warehouse import Warehouse

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
SHOWN = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[0]
GENERATED = re.findall(r"\$ loader (generate .*)\n", PAGE)[0].split()


def run(script: str, command: Command) -> subprocess.CompletedProcess[str]:
    """A script as people write them, without a main guard."""
    (command.folder / "script.py").write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "script.py"],
        capture_output=True,
        text=True,
        env=command.surroundings,
        cwd=command.folder,
        check=False,
    )


def test_the_example_prints_what_the_page_says(command: Command) -> None:
    assert command(*GENERATED).returncode == 0
    done = run(EXAMPLE, command)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", SHOWN)
    # The folder of an embedded warehouse is free again while a notebook goes on.
    assert run("import loader; print(loader.status().loads)", command).stdout == "2\n"


def test_a_script_with_a_large_file_runs_once(alone: Command) -> None:
    """Worker processes do not run the script that began them."""
    many = (statement(n, result={"response": "x" * 9_000}) for n in range(1, 2_500))
    (alone.folder / "large.jsonl").write_bytes(lines(*many))
    done = run(
        "import loader\nloads = loader.ingest('large.jsonl', strict=True)\n"
        "print([one.counts.landed for one in loads])",
        alone,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "[2499]\n")


def test_the_engine_is_loaded_when_it_is_needed() -> None:
    code = (
        "import sys, loader; from loader import ingest; "
        "print({'chdb', 'clickhouse_connect'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert set(loader.__all__) <= set(dir(loader))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = loader.nothing


def test_settings_that_are_passed_are_those_that_count(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_PATH", "/nowhere")
    file = warehouse.folder / "a.jsonl"
    file.write_bytes(lines(statement(1), b"{", statement(2, timestamp="2026-05-01T00:00:00Z")))

    (load,) = loader.ingest(file, warehouse.settings)

    assert (load.counts.landed, load.counts.rejected, load.counts.lines) == (2, 1, 3)
    assert loader.status(warehouse.settings).rejects == {"invalid_json": 1}
    out = warehouse.folder / "out.jsonl"
    written = loader.export(out, warehouse.settings, since=datetime(2026, 4, 1))
    assert (written.statements, out.read_bytes().count(b"\n")) == (1, 1)
    (found,) = loader.validate([file], warehouse.settings, strict=True)
    assert (found.lines, found.rejected) == (3, 1)


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    there = Settings.embedded(tmp_path / "warehouse")
    with pytest.raises(UsageError, match="There is no file missing"):
        loader.ingest("missing", there)
    with pytest.raises(UsageError, match="The name of out does not say what to write"):
        loader.export("out", there)
    with pytest.raises(LoaderError, match=r"No ClickHouse server answers at 127\.0\.0\.1:1"):
        loader.status(Settings.server("127.0.0.1", 1))
    assert not (tmp_path / "warehouse").exists()
