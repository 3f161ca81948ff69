"""The published tables, as dbt's manifest describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Manifest = Mapping[str, Any]  # target/manifest.json


@dataclass(frozen=True)
class Column:
    """A column with its promised type and its meaning, in Markdown."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Check:
    """A data test: `kind` is its name, `columns` what it is about, none for one over tables.

    `name` is what its author calls it, '' if nothing; `where` restricts it to some rows.
    """

    kind: str
    columns: tuple[str, ...]
    arguments: Mapping[str, Any]
    where: str
    name: str


@dataclass(frozen=True)
class Case:
    """A unit test: a rule, shown as rows in and rows out."""

    name: str
    description: str


@dataclass(frozen=True)
class Model:
    """A model of the project. `folders` are those below `models/`; names are of other models."""

    name: str
    schema: str
    folders: tuple[str, ...]
    path: str
    description: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    cases: tuple[Case, ...]
    access: str
    group: str
    has_contract: bool
    question: str
    example: str
    upstream: tuple[str, ...]
    downstream: tuple[str, ...]

    @property
    def is_published(self) -> bool:
        return self.access == "public"

    @property
    def grain(self) -> str:
        """The first sentence of the description: what one row is."""
        return _one_line(self.description).partition(". ")[0].rstrip(".") + "."

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Each set of columns that is tested to be different in every row."""
        return [one.columns for one in self.checks if one.kind in ("unique", "unique_combination")]


def read_models(manifest: Manifest) -> dict[str, Model]:
    """Every model by its name, in the order of folders and names."""
    nodes = manifest["nodes"]
    found = [node for node in nodes.values() if node["resource_type"] == "model"]
    found.sort(key=lambda node: (node["fqn"][1:-1], node["name"]))
    return {node["name"]: _model(node, manifest) for node in found}


def _model(node: Mapping[str, Any], manifest: Manifest) -> Model:
    key = node["unique_id"]
    config = node["config"]
    return Model(
        name=node["name"],
        schema=node["schema"],
        folders=tuple(node["fqn"][1:-1]),
        path=node["original_file_path"],
        description=node["description"].strip(),
        columns=tuple(
            Column(one["name"], one["data_type"] or "", _one_line(one["description"]))
            for one in node["columns"].values()
        ),
        checks=tuple(_checks(key, manifest)),
        cases=tuple(
            Case(one["name"], _one_line(one["description"]))
            for one in manifest["unit_tests"].values()
            if one["model"] in (node["name"], _table_shown_by(node, manifest))
        ),
        access=config["access"],
        group=config["group"] or "",
        has_contract=config["contract"]["enforced"],
        question=config["meta"].get("question", ""),
        example=config["meta"].get("example", "").strip(),
        upstream=tuple(_models_in(manifest["parent_map"][key])),
        downstream=tuple(_models_in(manifest["child_map"][key])),
    )


def _table_shown_by(node: Mapping[str, Any], manifest: Manifest) -> str:
    """The name of the table that a view shows as it is, so that its rules are the view's; or ''."""
    parents = [manifest["nodes"].get(key) for key in manifest["parent_map"][node["unique_id"]]]
    if len(parents) == 1 and parents[0] and parents[0]["config"]["materialized"] == "table":
        return str(parents[0]["name"])
    return ""


def _checks(model: str, manifest: Manifest) -> Iterator[Check]:
    for test in manifest["nodes"].values():
        if test["resource_type"] != "test" or model not in test["depends_on"]["nodes"]:
            continue
        where = test["config"]["where"] or ""
        metadata = test.get("test_metadata")
        if not metadata:
            yield Check("singular", (), {}, where, test["name"])
        elif test["attached_node"] == model:
            arguments = metadata["kwargs"]
            columns = arguments.get("columns") or [test["column_name"]]
            # dbt begins the names it makes itself with that of the test.
            kind = metadata["name"]
            name = "" if test["name"].startswith(f"{kind}_") else test["name"]
            yield Check(kind, tuple(filter(None, columns)), arguments, where, name)


def _models_in(keys: list[str]) -> Iterator[str]:
    for key in sorted(keys):
        if key.startswith("model."):
            yield key.rpartition(".")[2]


def _one_line(text: str) -> str:
    return " ".join(text.split())
