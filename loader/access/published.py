"""What dbt publishes and stores, as far as access goes, and whether the file covers it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.access.file import Access, Rows
from loader.errors import UsageError

COURSE = "course_key"
ACTOR = ("actor_id", "actor_home_page")


@dataclass(frozen=True)
class Model:
    """A relation that dbt makes: `database.name`, its columns, and whether it holds rows itself."""

    relation: str
    columns: tuple[str, ...]
    is_published: bool
    is_stored: bool

    @property
    def has_course(self) -> bool:
        return COURSE in self.columns

    @property
    def has_actor(self) -> bool:
        return all(column in self.columns for column in ACTOR)


def read_models(manifest: Path) -> list[Model]:
    """The models of `target/manifest.json`. Raises UsageError if there is none."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except OSError:
        raise UsageError(
            f"There is no {manifest}: run `dbt parse` first, or name the file with --manifest."
        ) from None
    except ValueError:
        raise UsageError(f"{manifest} is no manifest of dbt: run `dbt parse` again.") from None
    return models_of(content)


def models_of(manifest: Mapping[str, Any]) -> list[Model]:
    """The models of dbt's manifest, by name."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return sorted(
        (
            Model(
                relation=f"{node['schema']}.{node['alias']}",
                columns=tuple(node["columns"]),
                is_published=node["config"].get("access") == "public",
                is_stored=node["config"]["materialized"] != "view",
            )
            for node in nodes
        ),
        key=lambda model: model.relation,
    )


def gaps(access: Access, models: list[Model]) -> list[str]:
    """Where the file and what is published do not agree, each as a sentence."""
    published = [model for model in models if model.is_published]
    return [
        *(gap for model in published for gap in _gaps_of(access, model)),
        *_names_without_relation(access, published),
    ]


def _gaps_of(access: Access, model: Model) -> Iterator[str]:
    name = model.relation
    groups = access.groups_of(name)
    if not groups:
        yield f"{name} is published, and access.yml has it in no group: nobody may read it."
    if len(groups) > 1:
        yield f"{name} is in several groups of access.yml: {', '.join(groups)}."
    unknown = set(access.learner_columns(name)) - set(model.columns)
    if unknown:
        yield f"{name} has no column {', '.join(sorted(unknown))}, which tells its learners."
    readers = [role for role in access.roles if access.may_read(role, name)]
    if any(access.roles[role].rows is Rows.OWN for role in readers) and not model.has_actor:
        yield f"{name} is given to those who see their own rows, and its rows are nobody's."


def _names_without_relation(access: Access, published: list[Model]) -> Iterator[str]:
    for group in access.relations.values():
        for member in group.members:
            if not any(member.matches(model.relation) for model in published):
                yield f"{member.name} is in access.yml, and nothing of that name is published."
