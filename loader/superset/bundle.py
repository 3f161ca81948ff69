"""The bundle of dashboards: YAML files that Superset imports as one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from loader.errors import UsageError

KINDS = ("databases", "datasets", "charts", "dashboards")

Asset = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """Files of a bundle by their path below its folder, parsed."""

    files: dict[str, Asset]

    def of(self, kind: str) -> Iterator[tuple[str, Asset]]:
        """Path and content of all files of one of KINDS."""
        for path, content in self.files.items():
            if path.startswith(f"{kind}/"):
                yield path, content

    def by_uuid(self, kind: str) -> dict[str, Asset]:
        """The assets of one of KINDS by their UUIDs."""
        return {content["uuid"]: content for _path, content in self.of(kind)}

    def archive(self) -> bytes:
        """The bundle as Superset takes it: a ZIP of YAML below one folder."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.files.items():
                text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
                archive.writestr(f"assets/{path}", text)
        return buffer.getvalue()


def read_bundle(folder: Path) -> Bundle:
    """The bundle in a folder. Raises UsageError when there is none, or a file cannot be read."""
    if not (folder / "metadata.yaml").is_file():
        raise UsageError(
            f"{folder} holds no bundle (metadata.yaml is missing): run it in the project's folder, "
            "or name the bundle's with --assets."
        )
    paths = sorted(folder.rglob("*.yaml"))
    return Bundle({str(path.relative_to(folder)): _read(path) for path in paths})


def read_archive(content: bytes) -> Bundle:
    """What a server exported; its folder has the time in its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return Bundle(
            {
                name.partition("/")[2]: yaml.safe_load(archive.read(name))
                for name in archive.namelist()
                if name.endswith(".yaml")
            }
        )


def _read(path: Path) -> Asset:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds no asset: a mapping is expected.")
    return content
