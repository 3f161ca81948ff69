"""The tables of docs/access.md, made of access.yml: `python -m scripts.docs.access_tables`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from loader.access import Access, Role, Rows, read_access

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/access.md"

ROWS = {
    Rows.ALL: "all",
    Rows.COURSES: "of their courses",
    Rows.OWN: "their own",
}


def with_tables(page: str, access: Access) -> str:
    """The page with its tables as the file has it now."""
    for name, lines in (
        ("roles", _roles(access)),
        ("relations", _relations(access)),
        ("limits", _limits(access)),
        ("services", _services(access)),
    ):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        text = begin + "".join(f"{line}\n" for line in lines) + end
        head, _, rest = page.partition(begin)
        page = head + text + rest.partition(end)[2]
    return page


def _roles(access: Access) -> Iterable[str]:
    yield "| Role | Who | Sees | Rows | Who is who | Groups under " + (
        f"{access.small_group_size} |"
    )
    yield "|---|---|---|---|---|---|"
    for name, role in access.roles.items():
        yield _row(
            f"`{name}`",
            role.description,
            ", ".join(role.relations),
            ROWS[role.rows],
            "yes" if role.personal_data else "no",
            "hidden" if _has_summaries(access, name, role) else "",
        )


def _has_summaries(access: Access, name: str, role: Role) -> bool:
    return access.hides_small_groups(name) and any(
        member.learners for group in role.relations for member in access.relations[group].members
    )


def _relations(access: Access) -> Iterable[str]:
    yield "| Group | What it is | Tables |"
    yield "|---|---|---|"
    for name, group in access.relations.items():
        tables = ", ".join(
            f"`{member.name.removeprefix('reporting.')}`" for member in group.members
        )
        yield _row(name, group.description, tables)


def _limits(access: Access) -> Iterable[str]:
    yield "| Role | Seconds | Memory | Rows read | Rows returned | At once | An hour |"
    yield "|---|---|---|---|---|---|---|"
    for name, role in access.roles.items():
        limits = role.limits
        yield _row(
            f"`{name}`",
            f"{limits.seconds:,}",
            limits.memory.human_readable(),
            f"{limits.rows_read:,}",
            f"{limits.rows_returned:,}",
            f"{limits.concurrent_queries:,}",
            f"{limits.queries_per_hour:,}" if limits.queries_per_hour else "",
        )


def _services(access: Access) -> Iterable[str]:
    yield "| Service | What it does | User |"
    yield "|---|---|---|"
    for name, service in access.services.items():
        users = [f"`{user}`" for user, roles in access.users.items() if name in roles]
        yield _row(f"`{name}`", service.description, ", ".join(users))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(), read_access(ROOT / "access.yml")))
