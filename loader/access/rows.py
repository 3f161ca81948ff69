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

# In the name of `VIEWS_USER` too, these days are only those of the courses of who asks.
_LEARNERS_OF_COURSES = (
    "(actor_id, actor_home_page) IN "
    "(SELECT actor_id, actor_home_page FROM xapi.int_learner_days FINAL)"
)
_OWN_ROWS = (
    "lower(actor_id) IN "
    f"(SELECT identifier FROM {ACCOUNTS_VIEW} WHERE username = authenticatedUser())"
)


def rows_through_views(access: Access, model: Model) -> str:
    """What a published view may read of a stored table, for the user who asks."""
    if not (model.has_course or model.has_actor):
        return EVERYTHING
    given = _courses(access) if model.has_course else _LEARNERS_OF_COURSES
    conditions = [_sees_everything(access), f"({_has_role(access, Rows.COURSES)} AND {given})"]
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


def large_enough(columns: Sequence[str], size: int) -> str:
    """Whether a row is about so many learners, or about none."""
    largest = f"greatest({', '.join(columns)})" if len(columns) > 1 else columns[0]
    return f"{largest} = 0 OR {largest} >= {size}"


def _sees_everything(access: Access) -> str:
    granted = _has_role(access, Rows.ALL)
    if not access.server_administrators:
        return granted
    return f"authenticatedUser() IN ({_list(access.server_administrators)}) OR {granted}"


def _has_role(access: Access, rows: Rows) -> str:
    roles = _list(role_name(role) for role in _of(access, rows))
    return (
        "(SELECT count() FROM system.role_grants WHERE user_name = authenticatedUser() "
        f"AND granted_role_name IN ({roles})) > 0"
    )


def _of(access: Access, rows: Rows) -> list[str]:
    roles = [name for name, role in access.roles.items() if role.rows is rows]
    return roles + (list(access.services) if rows is Rows.ALL else [])


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names)) or "''"
