"""Compare the published tables with what Open edX Aspects made of the same statements.

    python -m tests.check_reference FOLDER

FOLDER holds statements.jsonl.gz, the event-sink dumps as CSV, and expected/*.csv. The
statements are loaded into an embedded warehouse and built with the variables that turn
our rules into the reference's. The tables are then compared, row by row, with the plain
Python oracle under the same rules, and the oracle with the expected files. Exits with 1
if anything differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from loader.checkers import checkers
from loader.dumps import ingest_dump
from loader.engine import connect
from loader.ingestion import ingest
from loader.loads import Load
from loader.reading import find_sources
from loader.schema import initialise
from tests.conftest import settings_of
from tests.integration.arrivals import landed
from tests.integration.oracle_tables import assert_tables_match_oracle
from tests.oracle import check_reference
from tests.reporting import dbt

RULES = {
    "video_end_rule": "last",
    "video_second_rule": "inclusive",
    "video_wall_clock_check": False,
    "video_rounding": "up",
}
DUMPS = ("course_overviews", "course_blocks")


def main(folder: Path) -> int:
    with TemporaryDirectory() as scratch:
        settings = settings_of({"WAREHOUSE_TARGET": "embedded", "WAREHOUSE_PATH": scratch})
        client = connect(settings)
        initialise(client, settings)
        for table in DUMPS:
            for source in find_sources([str(folder / f"{table}.csv*")], table):
                ingest_dump(client, source, table)
        with checkers() as workers:
            sources = find_sources([str(folder / "statements.jsonl.gz")])
            (load,) = ingest([client], sources, workers)
        assert isinstance(load, Load)
        print(f"landed {load.counts.landed} of {load.counts.lines} statements")
        dbt(settings, "run", variables=json.dumps(RULES))
        assert_tables_match_oracle(client, landed(client), check_reference.REFERENCE_VIDEO)
        client.close()
    print("every table equals the oracle; the oracle and the expected files:")
    return check_reference.main(folder)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
