"""What the tests of a table check, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scripts.docs.published import Check


def in_words(check: Check) -> str:
    """A sentence, in Markdown, that says what holds if the test passes."""
    columns = enumeration(check.columns)
    match check.kind:
        case "unique" | "unique_combination":
            said = f"No two rows have the same {columns}."
        case "not_null":
            said = f"{columns} is never null."
        case "not_empty":
            said = f"{columns} is never empty."
        case "accepted_values":
            values = enumeration((str(one) for one in check.arguments["values"]), "or")
            said = f"{columns} is {values}."
        case "found_in" | "relationships":
            said = f"The {columns} of every row {_are(check)} in `{_other(check)}`."
        case "always":
            said = f"In every row `{_one_line(check.arguments['condition'])}`."
        case _:
            said = ""
    if check.name:
        said = f"{phrase(check.name)}. {said}".rstrip()
    return f"{said} (Where `{check.where}`.)" if check.where else said


def phrase(name: str) -> str:
    """A name in snake case as the beginning of a sentence."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def enumeration(names: Iterable[str], last: str = "and") -> str:
    """Names as code: `a`, `b` and `c`."""
    *first, final = [f"`{name}`" for name in names] or ["nothing"]
    return f"{', '.join(first)} {last} {final}" if first else final


def _are(check: Check) -> str:
    return "are" if len(check.columns) > 1 else "is"


def _other(check: Check) -> str:
    found = re.search(r"""ref\(['"](\w+)['"]\)""", check.arguments["to"])
    return found.group(1) if found else check.arguments["to"]


def _one_line(text: str) -> str:
    return " ".join(text.split())
