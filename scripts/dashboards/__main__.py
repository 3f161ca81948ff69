"""Make the bundle of dashboards and dbt's exposures of what is written in `superset/`.

    python -m scripts.dashboards MANIFEST

writes superset/assets and models/exposures.yml; MANIFEST is target/manifest.json after `dbt parse`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from loader.errors import LoaderError
from scripts.dashboards.bundle import bundle, write
from scripts.dashboards.exposures import exposures
from scripts.dashboards.source import read_source
from scripts.docs.published import read_models

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "superset" / "assets"
EXPOSURES = ROOT / "models" / "exposures.yml"


def main(manifest: Path) -> None:
    """Write everything that is made."""
    models = read_models(json.loads(manifest.read_text(encoding="utf-8")))
    source = read_source(ROOT / "superset")
    write(bundle(source, models), ASSETS)
    EXPOSURES.write_text(exposures(source, models), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except LoaderError as error:
        sys.exit(f"Error: {error}")
