"""Which rows whoever asks may see, as conditions that ClickHouse evaluates for each query.

They stand on the stored tables beneath the published views. A view reads those in the name of
`VIEWS_USER`, but `authenticatedUser()` is still the one who asks, and roles are looked up for
that name. (`currentUser()` is too, but a client of the native protocol can choose what it says.)
See docs/decisions/0004-access.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loader.access.file import Access, Rows
from loader.access.names import role_name
from loader.access.published import Model
from loader.engine import quoted
from loader.schema.tables import ACCESS

EVERYTHING = "1"

GRANTS_VIEW = f"{ACCESS}.current_course_grants"
ACCOUNTS_VIEW = f"{ACCESS}.learner_accounts"

_OWN_ROWS = (
    "lower(actor_id) IN "
    f"(SELECT identifier FROM {ACCOUNTS_VIEW} WHERE username = authenticatedUser())"
)


def rows_through_views(access: Access, model: Model, published: Sequence[str]) -> str:
    """What published views may read of a stored table that they are made of, for who asks.

    Without any view over it, whoever sees all rows of something sees all of it.
    """
    if not (model.has_course or model.has_actor):
        return EVERYTHING
    given = _courses(access) if model.has_course else _learners(access)
    conditions = [
        _sees_everything(access, published),
        f"({_has_role(access, Rows.COURSES)} AND {given})",
    ]
    if _of(access, Rows.OWN):
        # Of several roles the widest counts: numbers over courses are never made of own rows.
        own = f"{_has_role(access, Rows.OWN)} AND NOT ({_has_role(access, Rows.COURSES)})"
        # What has no learner gives the rows of a learner their names, and no more.
        conditions.append(f"({own} AND {_OWN_ROWS})" if model.has_actor else f"({own})")
    return " OR ".join(conditions)


def _courses(access: Access) -> str:
    """The courses that are given to the user who asks; a grant without course opens its org."""
    given = (
        f"FROM {GRANTS_VIEW} WHERE username = authenticatedUser() "
        f"AND role IN ({_list(access.course_roles)})"
    )
    return (
        f"(course_key IN (SELECT course_key {given} AND course_key != '') "
        f"OR org IN (SELECT org {given} AND course_key = ''))"
    )


def _learners(access: Access) -> str:
    """The learners of the courses that are given to the user who asks."""
    return (
        "(actor_id, actor_home_page) IN (SELECT actor_id, actor_home_page "
        f"FROM xapi.int_learner_days FINAL WHERE {_courses(access)})"
    )


def large_enough(columns: Sequence[str], size: int) -> str:
    """Whether a row is about so many learners, or about none."""
    largest = f"greatest({', '.join(columns)})" if len(columns) > 1 else columns[0]
    return f"{largest} = 0 OR {largest} >= {size}"


def _sees_everything(access: Access, published: Sequence[str]) -> str:
    """Whether who asks has a role that sees all rows, and may read one of these relations.

    So an analyst who also teaches, and may know who their own learners are, does not learn it of
    everybody: the role that sees all rows is none of those that see names.
    """
    readers = [
        name
        for name in _of(access, Rows.ALL)
        if not published or any(access.may_read(name, one) for one in published)
    ]
    granted = _has_one_of(readers + list(access.services))
    if not access.server_administrators:
        return granted
    return f"authenticatedUser() IN ({_list(access.server_administrators)}) OR {granted}"


def _has_role(access: Access, rows: Rows) -> str:
    return _has_one_of(_of(access, rows))


def _has_one_of(names: Iterable[str]) -> str:
    roles = _list(map(role_name, names))
    return (
        "(SELECT count() FROM system.role_grants WHERE user_name = authenticatedUser() "
        f"AND granted_role_name IN ({roles})) > 0"
    )


def _of(access: Access, rows: Rows) -> list[str]:
    return [name for name, role in access.roles.items() if role.rows is rows]


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names)) or "''"
