"""A page for each published table, made of what dbt knows of it, and an index of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scripts.docs.examples import cell
from scripts.docs.published import Check, Model
from scripts.docs.words import enumeration, in_words, phrase

DBT_DOCS = "dbt/index.html"
FIRST, LAST = "Reports", "Operations"
# The table of contents would take room that wide tables need.
WIDE = "---\nhide: [toc]\n---\n"

Models = Mapping[str, Model]


def groups(models: Models) -> dict[str, list[Model]]:
    """The published tables by subject: reports, the subjects, operations."""
    found: dict[str, list[Model]] = {}
    for model in models.values():
        if model.is_published:
            found.setdefault(_subject(model), []).append(model)
    return dict(sorted(found.items(), key=lambda one: (_rank(one[0]), one[0])))


def _subject(model: Model) -> str:
    folders = model.folders[1:] if model.folders[0] == "marts" else model.folders
    return phrase("_".join(folders))


def _rank(subject: str) -> int:
    return 0 if subject.startswith(FIRST) else 2 if subject == LAST else 1


def page(model: Model, models: Models, answer: str) -> str:
    """The page of one table; `answer` is what its example returns, as a Markdown table."""
    rest = model.description.removeprefix(model.grain).strip()
    return f"""\
{WIDE}
# {model.name}

**{model.grain}** {rest}

`{model.schema}.{model.name}` · {_key(model)} · [open in the dbt docs]({_dbt_page(model)})

## An example

{model.question}

```sql
{model.example}
```

{answer}

## Columns

| Column | Meaning | Type |
| --- | --- | --- |
{_lines(f"| `{one.name}` | {cell(one.description)} | `{one.data_type}` |" for one in model.columns)}

## What is tested

{_lines(f"- {said}" for said in _tested(model.checks))}
{_rules(model, models)}
## Where it comes from

- Made from {_links(model.upstream, models)}.
- Used by {_links(model.downstream, models)}.
- The SQL is `{model.path}`.
"""


def _key(model: Model) -> str:
    return f"key: {enumeration(model.keys[0])}" if model.keys else "one row in all"


def index(models: Models) -> str:
    """The page that lists every published table by subject."""
    parts = [
        f"{WIDE}\n# All tables\n\nA table is named in full as `reporting.fct_enrollments`. "
        f"[dbt's own page](../{DBT_DOCS}) shows the same with SQL and the graph of all models.\n"
    ]
    for subject, tables in groups(models).items():
        rows = _lines(
            f"| [`{one.name}`]({one.name}.md) | {_what_a_row_is(one)} | {one.question} |"
            for one in tables
        )
        parts.append(
            f"## {subject}\n\n| Table | One row per | Answers, for instance |\n"
            f"| --- | --- | --- |\n{rows}\n"
        )
    return "\n".join(parts)


def _what_a_row_is(model: Model) -> str:
    return cell(model.grain.removeprefix("One row per ").rstrip("."))


def _tested(checks: Iterable[Check]) -> list[str]:
    """The tests in words: the key first, what refers to other tables, the rest by name."""
    order = ["unique", "unique_combination", "found_in", "relationships", "always", "singular"]
    there = [one for one in checks if one.kind in ("not_null", "not_empty") and not one.where]
    others = [one for one in checks if one not in there]
    others.sort(key=lambda one: order.index(one.kind) if one.kind in order else len(order))
    said = [in_words(one) for one in others]
    if there:
        names = enumeration(name for one in there for name in one.columns)
        said.insert(1, f"Always there: {names}.")
    return said


def _rules(model: Model, models: Models) -> str:
    """The unit tests of the model, and of the states behind it."""
    states = [models[name] for name in model.upstream if models[name].folders[0] == "intermediate"]
    cases = [
        f"- {phrase(case.name)}. {case.description}".rstrip()
        for one in (model, *states)
        for case in one.cases
    ]
    return f"\nIts rules, each shown by a unit test:\n\n{_lines(cases)}\n" if cases else ""


def _links(names: Iterable[str], models: Models) -> str:
    linked = [
        f"[`{name}`]({name}.md)"
        if models[name].is_published
        else f"[`{name}`]({_dbt_page(models[name])})"
        for name in names
    ]
    return ", ".join(linked) or "nothing else"


def _dbt_page(model: Model) -> str:
    return f"../{DBT_DOCS}#!/model/model.xapi_warehouse.{model.name}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
