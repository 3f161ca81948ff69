"""Who sees what in Superset, made of `access.yml`: roles, rules on rows, roles of dashboards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from loader.access import Access
from loader.access.file import Rows
from loader.errors import UsageError
from loader.superset.bundle import Asset, Bundle

# Roles and rules of ours are known by how their names begin; ClickHouse's roles begin so, too.
PREFIX = "warehouse_"
ADMIN = "Admin"
CONNECTION = "superset"  # the role of Superset's own user in ClickHouse
EMBEDDED = f"{PREFIX}embedded"  # of whoever has a token for a dashboard in somebody else's page

# A name goes into a clause as hexadecimal digits, whatever it consists of: Superset's `where_in`
# doubles quotes, and ClickHouse knows backslashes, too.
_ME = "unhex('{{ current_username().encode().hex() }}')"
_GRANTS = "access.current_course_grants"
MY_COURSES = (
    f"course_key in (select course_key from {_GRANTS} where username = {_ME}"
    f" and course_key != '') or org in (select org from {_GRANTS} where username = {_ME}"
    " and course_key = '')"
)
# What sums over all courses of an organisation is for who may see all of them.
MY_ORGANISATIONS = f"org in (select org from {_GRANTS} where username = {_ME} and course_key = '')"
MYSELF = (
    "(actor_id, actor_home_page) in (select actor_id, actor_home_page"
    f" from reporting_pii.dim_learner_profiles where username = {_ME})"
)
# A token for embedding is signed for a course; it stands where others have their name.
THE_COURSE = f"course_key = {_ME}"


@dataclass(frozen=True)
class Rule:
    """A rule on rows. A base rule is for everybody but its roles, a regular one for its roles."""

    name: str
    is_base: bool
    clause: str
    relations: tuple[str, ...]
    roles: tuple[str, ...]
    group: str

    @property
    def description(self) -> str:
        return "Made of access.yml by `loader superset apply`: change it there."


def relation(dataset: Asset) -> str:
    """`database.name` of a dataset."""
    return f"{dataset['schema']}.{dataset['table_name']}"


def role_names(access: Access) -> dict[str, str]:
    """Superset's names of roles, by those of access.yml."""
    return {name: PREFIX + name for name in access.roles if name != CONNECTION}


def readable(access: Access, bundle: Bundle) -> dict[str, tuple[str, ...]]:
    """The relations with a dataset that each role of Superset may read."""
    relations = sorted(relation(dataset) for _path, dataset in bundle.of("datasets"))
    return {
        known: tuple(one for one in relations if access.may_read(name, one))
        for name, known in role_names(access).items()
    }


def dashboard_roles(access: Access, bundle: Bundle) -> dict[str, tuple[str, ...]]:
    """Who sees each dashboard, by its UUID: the roles that may read all that is on it."""
    may = readable(access, bundle)
    return {
        dashboard["uuid"]: tuple(
            role for role, allowed in may.items() if _read_by(dashboard, bundle) <= set(allowed)
        )
        for _path, dashboard in bundle.of("dashboards")
    }


def _read_by(dashboard: Asset, bundle: Bundle) -> set[str]:
    """The relations that the charts and the filters of a dashboard read."""
    relations = {one["uuid"]: relation(one) for _path, one in bundle.of("datasets")}
    charts = {one["uuid"]: relations[one["dataset_uuid"]] for _path, one in bundle.of("charts")}
    nodes = [one for one in dashboard["position"].values() if isinstance(one, dict)]
    read = {charts[one["meta"]["uuid"]] for one in nodes if one["type"] == "CHART"}
    for one in dashboard["metadata"]["native_filter_configuration"]:
        read |= {
            relations[target["datasetUuid"]] for target in one["targets"] if "datasetUuid" in target
        }
    return read


def embedded_dashboards(access: Access, bundle: Bundle) -> dict[str, str]:
    """The dashboards that may be embedded, their UUIDs by their slugs.

    Raises UsageError for one that the bundle does not have.
    """
    uuids = {one["slug"]: one["uuid"] for _path, one in bundle.of("dashboards")}
    for slug in access.embedded:
        if slug not in uuids:
            raise UsageError(f"access.yml, embedded: there is no dashboard {slug}.")
    return {slug: uuids[slug] for slug in access.embedded}


def embedded_relations(access: Access, bundle: Bundle) -> set[str]:
    """The relations that embedded dashboards read.

    Raises UsageError where one of them does not tell of which course its rows are.
    """
    uuids = set(embedded_dashboards(access, bundle).values())
    found = set()
    for _path, dashboard in bundle.of("dashboards"):
        if dashboard["uuid"] in uuids:
            found |= _read_by(dashboard, bundle)
    columns = _columns(bundle)
    for one in sorted(found):
        if "course_key" not in columns[one] and not access.is_same_for_all(one):
            raise UsageError(
                f"access.yml, embedded: a dashboard reads {one}, which has no course_key."
            )
    return found


def rules(access: Access, bundle: Bundle) -> list[Rule]:
    """All rules on rows: who has none of the roles sees none."""
    return [*_deny(access, bundle), *_narrow(access, bundle), *_small_groups(access, bundle)]


def _deny(access: Access, bundle: Bundle) -> Iterator[Rule]:
    """Nobody sees a row of a relation but the roles that may read it."""
    allowed = defaultdict(list)
    may = readable(access, bundle) | _guests(access, bundle)
    for _path, dataset in bundle.of("datasets"):
        one = relation(dataset)
        allowed[tuple(role for role, known in may.items() if one in known)].append(one)
    for number, (roles, relations) in enumerate(sorted(allowed.items()), start=1):
        yield Rule(
            name=f"{PREFIX}nobody_else_{number}",
            is_base=True,
            clause="1 = 0",
            relations=tuple(sorted(relations)),
            roles=(ADMIN, *roles),
            group=f"{PREFIX}nobody_else",
        )


# Which rows a role sees, by the first of these columns that a relation has.
_NARROW = {
    Rows.COURSES: {"course_key": ("rows", MY_COURSES), "org": ("organisations", MY_ORGANISATIONS)},
    Rows.OWN: {"actor_id": ("rows", MYSELF)},
}
_NOTHING = ("nothing", "1 = 0")


def _narrow(access: Access, bundle: Bundle) -> Iterator[Rule]:
    may = readable(access, bundle)
    columns = _columns(bundle)
    for name, role in role_names(access).items():
        by_column = _NARROW.get(access.roles[name].rows)
        if by_column is None:
            continue
        found = defaultdict(list)
        for one in may[role]:
            if not access.is_same_for_all(one):
                known = (said for column, said in by_column.items() if column in columns[one])
                found[next(known, _NOTHING)].append(one)
        for (what, clause), relations in found.items():
            yield Rule(
                name=f"{PREFIX}{what}_of_{name}",
                is_base=False,
                clause=clause,
                relations=tuple(relations),
                roles=(role,),
                # Rules of one group widen each other: who has two roles sees both's rows.
                group=f"{PREFIX}rows",
            )
    for role, read in _guests(access, bundle).items():
        yield Rule(
            name=f"{PREFIX}rows_of_embedded",
            is_base=False,
            clause=THE_COURSE,
            relations=tuple(one for one in read if "course_key" in columns[one]),
            roles=(role,),
            group=f"{PREFIX}rows",
        )


def _guests(access: Access, bundle: Bundle) -> dict[str, tuple[str, ...]]:
    """What is read in embedded dashboards, by the one role that does."""
    relations = embedded_relations(access, bundle)
    return {EMBEDDED: tuple(sorted(relations))} if relations else {}


def _small_groups(access: Access, bundle: Bundle) -> Iterator[Rule]:
    may = readable(access, bundle) | _guests(access, bundle)
    roles = {role for name, role in role_names(access).items() if access.hides_small_groups(name)}
    roles.add(EMBEDDED)
    by_columns = defaultdict(list)
    for _path, dataset in bundle.of("datasets"):
        columns = access.learner_columns(relation(dataset))
        if columns:
            by_columns[columns].append(relation(dataset))
    for columns, relations in sorted(by_columns.items()):
        largest = columns[0] if len(columns) == 1 else f"greatest({', '.join(columns)})"
        yield Rule(
            name=f"{PREFIX}small_groups_of_{'_and_'.join(columns)}",
            is_base=False,
            clause=f"{largest} = 0 or {largest} >= {access.small_group_size}",
            relations=tuple(sorted(relations)),
            roles=tuple(
                sorted(role for role in roles if any(one in may.get(role, ()) for one in relations))
            ),
            group=f"{PREFIX}small_groups",
        )


def _columns(bundle: Bundle) -> dict[str, set[str]]:
    return {
        relation(dataset): {one["column_name"] for one in dataset["columns"]}
        for _path, dataset in bundle.of("datasets")
    }
