"""Would it land now? The verdict on texts that did not land before, without landing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from loader.engine import engine_errors
from loader.envelope import Reason, Rejection, same_content
from loader.known import Key, known_texts, look_up
from loader.limits import Limits
from loader.verdicts import verdict_on, verdicts_on

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Of = TypeVar("Of")


@dataclass
class Judged(Generic[Of]):
    """What would land, and what would not, each with whatever the text is of."""

    good: list[tuple[Of, list[bytes]]] = field(default_factory=list)  # its statements
    bad: list[tuple[Of, Rejection]] = field(default_factory=list)
    landing: int = 0  # statements that would be new
    duplicates: int = 0


def judge(
    client: Client, texts: Iterable[tuple[Of, bytes]], limits: Limits, strict: bool
) -> Judged[Of]:
    """The verdict that a load would give on each of some texts.

    A text of several statements is good if all of them are. Of those that have an id in
    common the first one would land.
    """
    judged: Judged[Of] = Judged()
    candidates: list[tuple[Of, list[tuple[Key, bytes]]]] = []
    for of, text in texts:
        found = [(one, verdict) for one, verdict in verdicts_on(text, limits, strict)]
        broken = next((one for _, one in found if isinstance(one, Rejection)), None)
        if broken or not found:
            judged.bad.append((of, broken or Rejection(Reason.NOT_AN_OBJECT, "there is nothing")))
            continue
        statements = [(_key(verdict), one) for one, verdict in found]
        candidates.append((of, [(key, one) for key, one in statements if key]))
    landed = _landed(client, candidates)
    for of, statements_of in candidates:
        new: dict[Key, bytes] = {}
        conflict = None
        for key, one in statements_of:
            first = landed.get(key, new.get(key))
            if first is None and key not in landed:
                new[key] = one
            elif first is None or not same_content(one, first):
                conflict = key
        if conflict:
            detail = f"{UUID(bytes=conflict)} has landed before with other content"
            judged.bad.append((of, Rejection(Reason.ID_CONFLICT, detail)))
            continue
        landed |= new
        judged.landing += len(new)
        judged.duplicates += len(statements_of) - len(new)
        judged.good.append((of, [one for _, one in statements_of]))
    return judged


def identified(text: bytes) -> Key:
    """The id of a statement as the index has it; nothing if it is no statement."""
    return _key(verdict_on(text, Limits()))


def _key(verdict: tuple[str, int | None] | Rejection) -> Key:
    return b"" if isinstance(verdict, Rejection) else UUID(verdict[0]).bytes


def _landed(
    client: Client, candidates: Sequence[tuple[Of, list[tuple[Key, bytes]]]]
) -> dict[Key, bytes | None]:
    """What has landed with an id that a candidate has; None where only the index has it."""
    keys = b"".join({key for _, statements in candidates for key, _ in statements})
    if not keys:
        return {}
    with engine_errors():
        known = look_up(client, keys)
        return dict.fromkeys(known) | known_texts(client, known)
