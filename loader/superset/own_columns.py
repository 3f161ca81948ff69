"""Expressions that show values for the eye, and columns that a chart works out itself."""

from __future__ import annotations

from collections.abc import Mapping

from loader.superset.bundle import Asset


def own_column(expression: str, label: str) -> Asset:
    """A column of a chart, as Superset keeps it."""
    return {"expressionType": "SQL", "sqlExpression": expression, "label": label}


def listing(column: str, word: str = "toString(value)") -> str:
    """The expression that lists what an array has, each `value` by the expression of its word."""
    return f"arrayStringConcat(arrayMap(value -> {word}, {column}), ', ')"


def in_words(column: Asset, values: Mapping[str, str]) -> str:
    """The expression that shows the values of a column in words; a value without one stays."""
    shown = column["expression"] or column["column_name"]
    if is_array(column):
        return listing(shown, _word("value", values))
    return _word(shown, values)


def _word(shown: str, values: Mapping[str, str]) -> str:
    known, words = (f"[{', '.join(map(_quoted, texts))}]" for texts in (values, values.values()))
    # With a fourth argument, it takes nulls too.
    return f"transform(toString({shown}), {known}, {words}, toString({shown}))"


def is_array(column: Asset) -> bool:
    """Whether a column has several values in a row."""
    return str(column["type"]).startswith("Array")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
