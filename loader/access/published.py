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
    """A relation that dbt makes: `database.name`, its columns, and whether it holds rows itself.

    `reads` are the relations that it is made of.
    """

    relation: str
    columns: tuple[str, ...]
    is_published: bool
    is_stored: bool
    reads: tuple[str, ...] = ()

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
    named = {
        key: f"{node['schema']}.{node.get('alias') or node['identifier']}"
        for key, node in {**manifest["nodes"], **manifest["sources"]}.items()
        if node["resource_type"] in ("model", "seed", "source")
    }
    models = (
        Model(
            relation=named[key],
            columns=tuple(node["columns"]),
            is_published=node["config"].get("access") == "public",
            is_stored=node["config"]["materialized"] != "view",
            reads=tuple(sorted(named[one] for one in manifest["parent_map"][key] if one in named)),
        )
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    )
    return sorted(models, key=lambda model: model.relation)


def kept_statements() -> Model:
    """What a retention keeps of statements: macros make it, so no manifest has it."""
    columns = ("org", COURSE, *ACTOR)
    return Model("xapi.kept_statements", columns, is_published=False, is_stored=True)


def bases(model: Model, models: list[Model]) -> set[str]:
    """All that is read when a view is: relations it is made of, down to those that hold rows."""
    if model.is_stored:
        return set()
    by_name = {one.relation: one for one in models}
    found: set[str] = set()
    waiting = list(model.reads)
    while waiting:
        relation = waiting.pop()
        if relation in found:
            continue
        found.add(relation)
        below = by_name.get(relation)
        if below and not below.is_stored:
            waiting += below.reads
    return found


def gaps(access: Access, models: list[Model]) -> list[str]:
    """Where the file and what is published do not agree, each as a sentence."""
    published = [model for model in models if model.is_published]
    return [
        *(gap for model in published for gap in _gaps_of(access, model, models)),
        *_names_without_relation(access, published),
    ]


def _gaps_of(access: Access, model: Model, models: list[Model]) -> Iterator[str]:
    name = model.relation
    groups = access.groups_of(name)
    if not groups:
        yield f"{name} is published, and access.yml has it in no group: nobody may read it."
    if len(groups) > 1:
        yield f"{name} is in several groups of access.yml: {', '.join(groups)}."
    if model.is_stored:
        # Whoever may read a table may read its primary index too, past every row policy.
        yield f"{name} is published as a table: publish a view, and keep the table in xapi."
    unknown = set(access.learner_columns(name)) - set(model.columns)
    if unknown:
        yield f"{name} has no column {', '.join(sorted(unknown))}, which tells its learners."
    readers = [access.roles[role] for role in access.roles if access.may_read(role, name)]
    if any(role.rows is Rows.OWN for role in readers) and not model.has_actor:
        yield f"{name} is given to those who see their own rows, and its rows are nobody's."
    if any(role.rows is not Rows.ALL for role in readers) and not access.is_same_for_all(name):
        yield from _unlimited(model, models)


def _unlimited(model: Model, models: list[Model]) -> Iterator[str]:
    """What readers who do not see everything could see of others."""
    by_name = {one.relation: one for one in models}
    for relation in sorted(bases(model, models)):
        base = by_name.get(relation)
        if base and (not base.is_stored or base.has_course or base.has_actor):
            continue  # a view is what it is made of, which is looked at too
        yield (
            f"{model.relation} is given to those who see some rows, and reads {relation}, "
            "whose rows tell neither course nor learner."
        )


def _names_without_relation(access: Access, published: list[Model]) -> Iterator[str]:
    for group in access.relations.values():
        for member in group.members:
            if not any(member.matches(model.relation) for model in published):
                yield f"{member.name} is in access.yml, and nothing of that name is published."
