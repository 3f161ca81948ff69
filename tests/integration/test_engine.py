"""The engine's failures, in plain words."""

from __future__ import annotations

import pytest

from loader.engine import engine_errors, first_sentence, quoted
from loader.errors import LoaderError
from tests.warehouse import Warehouse


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT 1 FROM nowhere.nothing", r"^ClickHouse refused: Database nowhere does not exist"),
        ("SELECT nothing", r"^ClickHouse refused: Unknown expression identifier"),
        ("SELECT throwIf(1, 'as told')", r"^ClickHouse refused: as told"),
    ],
)
def test_what_the_engine_refuses_is_one_sentence(
    warehouse: Warehouse, query: str, sentence: str
) -> None:
    with pytest.raises(LoaderError, match=sentence) as refusal, engine_errors():
        warehouse.client.command(query)
    assert "\n" not in str(refusal.value)
    assert "Exception" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "it's", "back\\slash", "tab\tand\nline", "名前", "\\'"])
def test_a_quoted_text_is_the_text(warehouse: Warehouse, text: str) -> None:
    assert warehouse.value(f"SELECT {quoted(text)}") == text


def test_a_message_without_code_stack_and_version() -> None:
    message = (
        "Code: 60. DB::Exception: Table x does not exist. (UNKNOWN_TABLE) (version 26.9.2.1)\n"
        "Stack trace: ..."
    )
    assert first_sentence(message) == "Table x does not exist."
