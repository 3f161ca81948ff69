"""docs/validation.md is true: of the rules, and of what generated statements break."""

from __future__ import annotations

import re
from pathlib import Path

from loader.generate import GeneratorOptions, generate
from loader.xapi import Rule, violations

PAGE = (Path(__file__).parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")


def test_the_page_lists_every_rule_with_its_sections() -> None:
    listed = re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert listed == [(rule.code, *rule.sections) for rule in Rule]


def test_generated_statements_break_the_rules_that_open_edx_breaks_and_no_others(
    tmp_path: Path,
) -> None:
    told = PAGE.partition("## What Open edX sends")[2]
    listed = {
        (path, rule)
        for paths, rule in re.findall(r"^\| (`.*`) \| `(\w+)` \|", told, re.MULTILINE)
        for path in re.findall(r"`([^`]+)`", paths)
    }
    files = generate(tmp_path, GeneratorOptions(statements=4_000, voided=0.01))
    found = {
        (one.path, one.rule.code)
        for line in files.statements_path.read_bytes().splitlines()
        for one in violations(line)
    }
    assert found == listed
