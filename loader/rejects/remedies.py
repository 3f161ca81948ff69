"""What to do about a line that did not land, by the reason."""

from __future__ import annotations

from loader.envelope import Reason

_AT_ITS_SOURCE = "Mend it where it comes from, or by hand: `loader rejects export`."

REMEDIES: dict[Reason, str] = {
    Reason.TOO_LARGE: (
        "Only its beginning is kept. Allow more with WAREHOUSE_MAX_STATEMENT_BYTES and load the "
        "file again; `loader rejects dismiss` then takes this line off the list."
    ),
    Reason.INVALID_UTF8: f"Its bytes are not UTF-8 text. {_AT_ITS_SOURCE}",
    Reason.INVALID_JSON: (
        "It is cut off, or not JSON. If the file was cut, load it again when it is whole. "
        f"{_AT_ITS_SOURCE}"
    ),
    Reason.TOO_DEEP: (
        "Allow more with WAREHOUSE_MAX_NESTING, up to 200 levels, and then `loader rejects retry`."
    ),
    Reason.NOT_AN_OBJECT: f"It is JSON, but no statement. {_AT_ITS_SOURCE}",
    Reason.INVALID_ID: f"A statement's id is a UUID, or there is none. {_AT_ITS_SOURCE}",
    Reason.INVALID_ACTOR: (
        "Without exactly one identifier nobody knows whose statement it is. " + _AT_ITS_SOURCE
    ),
    Reason.INVALID_VERB: f"Without a verb nobody knows what happened. {_AT_ITS_SOURCE}",
    Reason.INVALID_OBJECT: f"Without an object nobody knows what it is about. {_AT_ITS_SOURCE}",
    Reason.INVALID_TIMESTAMP: f"It would be in no report at the right place. {_AT_ITS_SOURCE}",
    Reason.VIOLATES_SPECIFICATION: (
        "It was loaded with --validation strict. `loader rejects retry` lands what has all that "
        "reports need, valid or not."
    ),
    Reason.ID_CONFLICT: (
        "Statements never change, so the first one stays. If this one is another statement, give "
        "it an id of its own (`loader rejects export`); if the first one is right, "
        "`loader rejects dismiss`."
    ),
    Reason.INVALID_ROW: (
        "It is a row of a table and no statement: mend the file and load it again, then "
        "`loader rejects dismiss`."
    ),
}


def remedy(reason: str) -> str:
    """A sentence or two; of a reason that a later loader has found, nothing."""
    try:
        return REMEDIES[Reason(reason)]
    except ValueError:
        return ""
