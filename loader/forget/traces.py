"""What in a table is of a person, and what of others mentions them, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loader.engine import quoted
from loader.envelope import Reason
from loader.forget.patterns import Patterns
from loader.forget.person import Identity, Kind, Person, is_unmistakable
from loader.forget.tables import BaseTable, Column

# The actor as staging reads it (macros/staging/parse_statement.sql), also of a text with
# numbers so huge that the engine's parser gives up on it.
_HUGE_NUMBERS = r"([:,\[]\s*)-?(\d{19,}(\.\d+)?([eE][+-]?\d+)?|\d+(\.\d+)?[eE]\+?\d{3,})"
_READABLE = (
    "if(JSONExtractString(event, 'verb', 'id') != '', event, "
    f"replaceRegexpAll(event, {quoted(_HUGE_NUMBERS)}, {quoted(chr(92) + '1null')}))"
)
_ACTOR = (
    f"JSONExtract({_READABLE}, 'actor', 'Tuple(mbox String, mbox_sha1sum String, openid String, "
    "account Tuple(homePage String, name String))')"
)


# Ids that one statement names: a cluster keeps the text of each, which has to be short.
IDS_AT_ONCE = 10_000


class Traces:
    """Conditions for one person; `ids` are those of the statements in which they acted."""

    def __init__(self, person: Person, ids: Sequence[str] = ()) -> None:
        self._person = person
        self._patterns = Patterns(person)
        self._ids = ids

    def theirs(self, table: BaseTable) -> str:
        """Rows that are of this person: they go."""
        if table.holds_statements:
            return _any(_acted(identity) for identity in self._person.identities)
        if table.is_index:
            return _among(self._ids)
        if table.holds_rejects:
            broken = f"NOT isValidJSON(raw) OR reason = '{Reason.INVALID_ROW.value}'"
            in_broken = f"({broken}) AND {self._patterns.in_broken_text('raw')}"
            return _any([self._in(table.texts), in_broken])
        conditions = []
        if table.has("actor_id", "actor_home_page"):
            conditions += [_is_learner(identity) for identity in self._person.identities]
        if table.has("user_id") and self._person.user_ids:
            conditions.append(f"user_id IN ({', '.join(map(str, self._person.user_ids))})")
        elif table.has("username") and self._person.usernames:
            # Users that are told by name alone; a name in a profile may be a former user's.
            conditions.append(f"username IN ({', '.join(map(quoted, self._person.usernames))})")
        return _any(conditions)

    def mentioned(self, table: BaseTable) -> str:
        """Rows of others that have this person in any of their texts."""
        return f"NOT ({self.theirs(table)}) AND ({self._in(table.texts)})"

    def removals(self, table: BaseTable) -> list[str]:
        """Rows to delete: theirs, and those that mention them where no text can be changed."""
        if table.is_index:
            starts = range(0, len(self._ids), IDS_AT_ONCE)
            return [_among(self._ids[start : start + IDS_AT_ONCE]) for start in starts]
        fixed = [column for column in table.texts if not column.is_changeable]
        condition = _any([self.theirs(table), self._in(fixed)])
        return [] if condition == "false" else [condition]

    def changes(self, table: BaseTable) -> list[str]:
        """The assignments that take this person out of a row of others."""
        return [
            f"`{column.name}` = {self._taken_out(column)}"
            for column in table.texts
            if column.is_changeable
        ]

    def _in(self, columns: Iterable[Column]) -> str:
        texts = [_text_of(column) for column in columns]
        if not texts:
            return "false"
        together = f"concatWithSeparator('\\n', {', '.join(texts)})"  # one look, not many
        return self._patterns.in_text(together if len(texts) > 1 else texts[0])

    def _taken_out(self, column: Column) -> str:
        if column.is_plain_text:
            return self._patterns.taken_out(f"`{column.name}`")
        return f"CAST({self._patterns.taken_out(_text_of(column))}, {quoted(column.type)})"


def _text_of(column: Column) -> str:
    name = f"`{column.name}`"
    # Of a null, nothing is said.
    return f"ifNull({name}, '')" if column.is_plain_text else f"toString({name})"


def _among(ids: Sequence[str]) -> str:
    return f"event_id IN ({', '.join(map(quoted, ids))})" if ids else "false"


def _acted(identity: Identity) -> str:
    if identity.kind is Kind.ACCOUNT:
        name, home_page = (f"{_ACTOR}.account.{part}" for part in ("name", "homePage"))
        return f"({_equal(name, identity)} AND {home_page} = {quoted(identity.home_page)})"
    return _equal(f"{_ACTOR}.{identity.kind.value}", identity)


def _is_learner(identity: Identity) -> str:
    is_at_home = f"actor_home_page = {quoted(identity.home_page)}"
    return f"({_equal('actor_id', identity)} AND {is_at_home})"


def _equal(value: str, identity: Identity) -> str:
    """Names are told apart by upper and lower case, UUIDs and addresses are not."""
    if identity.kind is Kind.ACCOUNT and not is_unmistakable(identity.value):
        return f"{value} = {quoted(identity.value)}"
    return f"lower({value}) = {quoted(identity.value.lower())}"


def _any(conditions: Iterable[str]) -> str:
    return " OR ".join(f"({one})" for one in conditions if one != "false") or "false"
