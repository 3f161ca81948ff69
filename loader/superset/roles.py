"""Who sees what in Superset, made of `access.yml`: roles, rules on rows, roles of dashboards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from loader.access import Access
from loader.access.file import Rows
from loader.access.rows import large_enough
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
MYSELF = (
    "(actor_id, actor_home_page) in (select actor_id, actor_home_page"
    f" from reporting_pii.dim_learner_profiles where username = {_ME})"
)
# A token for embedding is signed for a course; it stands where others have their name.
THE_COURSE = f"course_key = {_ME}"
NOTHING = "1 = 0"
EVERYTHING = "1 = 1"
# Rules of one group widen each other, and those of different groups narrow each other.
_ROWS, _OWN_ROWS = f"{PREFIX}rows", f"{PREFIX}own_rows"
# Relations by the rule that they need: what it is called, its clause, its group, whom it lets pass.
_Wanted = dict[tuple[str, str, str, tuple[str, ...]], list[str]]


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
            clause=NOTHING,
            relations=tuple(sorted(relations)),
            roles=(ADMIN, *roles),
            group=f"{PREFIX}nobody_else",
        )


def _narrow(access: Access, bundle: Bundle) -> Iterator[Rule]:
    """Which rows are seen by whom. Of several roles of a user the widest counts.

    So these are base rules, which let pass the roles that see more: a regular rule holds for
    whoever has its role, whatever else they have. A base rule that has lost its roles shows less.
    """
    wanted: _Wanted = defaultdict(list)
    guests = _guests(access, bundle)
    columns_of = _columns(bundle)
    for one, columns in columns_of.items():
        if access.is_same_for_all(one):
            continue
        readers = _readers(access, one)
        widest = (ADMIN, *readers[Rows.ALL], *(role for role in guests if one in guests[role]))
        teachers = (*widest, *readers[Rows.COURSES])
        if readers[Rows.COURSES]:
            what, clause = _of_courses(access, columns)
            wanted[what, clause, _ROWS, widest].append(one)
        if readers[Rows.OWN]:
            clause = MYSELF if "actor_id" in columns else NOTHING
            wanted["own_rows", clause, _OWN_ROWS, teachers].append(one)
            if readers[Rows.COURSES]:
                # Who teaches nothing need not teach the course of their own rows.
                wanted["no_teachers", EVERYTHING, _ROWS, teachers].append(one)
    yield from _numbered(wanted)
    for role, read in guests.items():
        yield Rule(
            name=f"{PREFIX}rows_of_embedded",
            is_base=False,
            clause=THE_COURSE,
            relations=tuple(one for one in read if "course_key" in columns_of[one]),
            roles=(role,),
            group=_ROWS,
        )


def _readers(access: Access, one: str) -> dict[Rows, tuple[str, ...]]:
    """The roles that may read a relation, by the rows that they see."""
    names = role_names(access).items()
    return {
        rows: tuple(
            role
            for name, role in names
            if access.roles[name].rows is rows and access.may_read(name, one)
        )
        for rows in Rows
    }


def _of_courses(access: Access, columns: set[str]) -> tuple[str, str]:
    """What a rule is called, and its clause, that shows who teaches what is of their courses."""
    roles = ", ".join(f"'{role}'" for role in access.course_roles)
    given = f"from {_GRANTS} where username = {_ME} and role in ({roles})"
    of_organisations = f"org in (select org {given} and course_key = '')"
    if "course_key" in columns:
        of_courses = f"course_key in (select course_key {given} and course_key != '')"
        return "rows_of_courses", f"{of_courses} or {of_organisations}"
    if "org" in columns:
        # What sums over all courses of an organisation is for who may see all of them.
        return "organisations", of_organisations
    return "nothing_of_courses", NOTHING


def _numbered(wanted: _Wanted) -> Iterator[Rule]:
    numbers: Counter[str] = Counter()
    for (what, clause, group, roles), relations in sorted(wanted.items()):
        numbers[what] += 1
        yield Rule(
            name=f"{PREFIX}{what}_{numbers[what]}",
            is_base=True,
            clause=clause,
            relations=tuple(sorted(relations)),
            roles=roles,
            group=group,
        )


def _guests(access: Access, bundle: Bundle) -> dict[str, tuple[str, ...]]:
    """What is read in embedded dashboards, by the one role that does."""
    relations = embedded_relations(access, bundle)
    return {EMBEDDED: tuple(sorted(relations))} if relations else {}


def _small_groups(access: Access, bundle: Bundle) -> Iterator[Rule]:
    """Rows about few learners are for the roles that may know who these are."""
    wanted: _Wanted = defaultdict(list)
    names = role_names(access).items()
    for _path, dataset in bundle.of("datasets"):
        one = relation(dataset)
        columns = access.learner_columns(one)
        if columns:
            clause = large_enough(columns, access.small_group_size)
            may_see = (
                role
                for name, role in names
                if access.may_read(name, one) and not access.hides_small_groups(name)
            )
            what = f"small_groups_of_{'_and_'.join(columns)}"
            wanted[what, clause, f"{PREFIX}small_groups", (ADMIN, *may_see)].append(one)
    yield from _numbered(wanted)


def _columns(bundle: Bundle) -> dict[str, set[str]]:
    return {
        relation(dataset): {one["column_name"] for one in dataset["columns"]}
        for _path, dataset in bundle.of("datasets")
    }
