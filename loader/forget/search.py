"""Who is meant: from an identifier, a username or an e-mail address to all that names a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.engine import engine_errors, quoted
from loader.errors import LoaderError, UsageError
from loader.forget.patterns import account_pattern
from loader.forget.person import (
    Identity,
    Kind,
    Person,
    identities_of,
    is_address,
    is_unmistakable,
    without_scheme,
    words_of,
)
from loader.forget.profiles import find_profiles
from loader.forget.tables import BaseTable, base_tables, rows_of
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Wanted:
    """Whom the user asks for, by one of the first three; `home_page` says on which platform."""

    actor: str = ""
    username: str = ""
    email: str = ""
    home_page: str = ""

    def __str__(self) -> str:
        return self.actor or self.username or self.email


def find_person(client: Client, settings: Settings, wanted: Wanted) -> Person:
    """All that names the person: identifiers in statements, and users in profiles.

    Raises UsageError when the name is one of learners of several platforms, and LoaderError
    when no profile has the username.
    """
    if wanted.email and not is_address(wanted.email):
        raise UsageError(f"{wanted.email} is no e-mail address.")
    given = wanted.actor or wanted.email
    addresses = {without_scheme(given)} if is_address(given) else set()
    profiles = find_profiles(
        client,
        usernames=[wanted.username] if wanted.username else [],
        emails=addresses,
        external_ids=[wanted.actor] if wanted.actor else [],
    )
    if wanted.username and not profiles.user_ids:
        raise LoaderError(
            f"No profile has the username {wanted.username}: load the dumps user_profile and "
            "external_id, or name the learner as statements do."
        )
    addresses |= set(profiles.emails)
    names = {*filter(None, [wanted.actor]), *addresses, *profiles.external_ids}
    accounts = _accounts(client, settings, names)
    _refuse_several(wanted, accounts)
    chosen = [one for one in accounts if wanted.home_page in ("", one.home_page)]
    agents = {one for value in {given, *addresses} for one in identities_of(value)}
    identities = sorted({*chosen, *agents})
    return Person(
        identities=tuple(identities),
        user_ids=profiles.user_ids,
        names=tuple(sorted(names)),
        usernames=profiles.usernames,
        words=words_of(identities, others=set(accounts) - set(chosen)),
    )


def _refuse_several(wanted: Wanted, accounts: Iterable[Identity]) -> None:
    if not wanted.actor or wanted.home_page:
        return
    home_pages = sorted({one.home_page for one in accounts if _is_called(one, wanted.actor)})
    if len(home_pages) > 1:
        raise UsageError(
            f"There are learners called {wanted.actor} on {len(home_pages)} platforms: say with "
            f"--home-page which one is to be forgotten, {' or '.join(home_pages)}."
        )


def _accounts(client: Client, settings: Settings, names: set[str]) -> list[Identity]:
    """The accounts with one of these names, wherever the warehouse has them."""
    found: set[Identity] = set()
    if not names:
        return []
    with engine_errors():
        for table in base_tables(client):
            query = _accounts_in(table, rows_of(table, settings), names)
            if query:
                rows = client.query(query).result_rows
                found.update(Identity(Kind.ACCOUNT, name, home) for name, home in rows)
    return sorted(
        one
        for one in found
        if any(_is_called(one, name) for name in names)
        # Without a home page it is an account only if it cannot be anything else.
        and (one.home_page or not identities_of(one.value))
    )


def _accounts_in(table: BaseTable, rows: str, names: Iterable[str]) -> str:
    text = "event" if table.holds_statements else "raw" if table.holds_rejects else ""
    if text:
        pattern = quoted(account_pattern(sorted(names)))
        return (
            "SELECT DISTINCT JSONExtractString(account, 'name'), "
            "JSONExtractString(account, 'homePage') FROM ("
            f"SELECT arrayJoin(extractAll({text}, {pattern})) AS account FROM {rows})"
        )
    if table.has("actor_id", "actor_home_page"):
        lowered = ", ".join(quoted(name.lower()) for name in sorted(names))
        return (
            f"SELECT DISTINCT toString(actor_id), toString(actor_home_page) FROM {rows} "
            f"WHERE lower(actor_id) IN ({lowered})"
        )
    return ""


def _is_called(account: Identity, name: str) -> bool:
    if is_unmistakable(name):
        return account.value.lower() == name.lower()
    return account.value == name
