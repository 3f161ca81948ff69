"""The table of strings: what people read on dashboards, in each language.

A row is a title, a label or a sentence in English, and the same in other languages; or a value of
the columns that `values_of` names, or of all columns of the type `Bool`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loader.errors import UsageError

ENGLISH = "en"
VALUES_OF = "values_of"

# Where one sentence, or part of one, ends and the next begins: long texts are translated so.
_BETWEEN = re.compile(r"(?<=[.:;])\s+")
# What `scripts/dashboards` writes on the tab of definitions, besides plain sentences.
_CHARTS = re.compile(r"\*\*(?P<titles>.*)\*\* \((?P<relation>`\w+`)\)")
_METRIC = re.compile(r"- \*(?P<label>.*?)\*: (?P<meaning>.*)")
BETWEEN_TITLES = " · "


@dataclass
class Translation:
    """One language; `missing` collects what was asked for and is not in the table."""

    language: str
    strings: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    missing: set[str] = field(default_factory=set)

    def label(self, english: str) -> str:
        """A title or label; the English one where there is no other."""
        if self.language == ENGLISH or not english:
            return english
        if english not in self.strings:
            self.missing.add(english)
        return self.strings.get(english, english)

    def text(self, english: str) -> str:
        """Sentences, each looked up by itself."""
        return " ".join(map(self.label, _BETWEEN.split(english)))

    def markdown(self, english: str) -> str:
        """What numbers mean: paragraphs, charts with their relation, metrics with their meaning."""
        return "\n".join(map(self._line, english.split("\n")))

    def _line(self, english: str) -> str:
        if charts := _CHARTS.fullmatch(english):
            titles = BETWEEN_TITLES.join(map(self.label, charts["titles"].split(BETWEEN_TITLES)))
            return f"**{titles}** ({charts['relation']})"
        if metric := _METRIC.fullmatch(english):
            return f"- *{self.label(metric['label'])}*: {self.text(metric['meaning'])}"
        return self.text(english)


def read_translations(path: Path) -> Callable[[str], Translation]:
    """What gives the translation into a language, which is in the table or English.

    Raises UsageError for a file that is no such table, and for a language it does not have.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no CSV: {error}.") from error
    columns = list(rows[0]) if rows else []
    if columns[:2] != [VALUES_OF, ENGLISH]:
        raise UsageError(f"{path} begins with other columns than {VALUES_OF},{ENGLISH}.")

    def into(language: str) -> Translation:
        if language not in columns[1:]:
            known = ", ".join(columns[1:])
            raise UsageError(f"{path} has no language {language!r}, but {known}.")
        strings: dict[str, str] = {}
        values: dict[str, dict[str, str]] = {}
        for row in rows:
            if not row[language]:
                continue
            for column in row[VALUES_OF].split():
                values.setdefault(column, {})[row[ENGLISH]] = row[language]
            if not row[VALUES_OF]:
                strings[row[ENGLISH]] = row[language]
        return Translation(language, strings, values)

    return into
