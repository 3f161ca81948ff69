"""`access.yml`: what it may say, and that it covers what is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from loader.access import read_access
from loader.access.published import Model, gaps, models_of
from loader.errors import UsageError
from tests.reporting import PROJECT, manifest

LIMITS = {
    "seconds": 10,
    "memory": "1GiB",
    "rows_read": 1000,
    "rows_returned": 100,
    "concurrent_queries": 2,
}


def written(folder: Path, **changes: Any) -> Path:
    """A small file, with changes."""
    content = {
        "small_group_size": 5,
        "relations": {
            "learners": {"description": "one learner each", "members": ["reporting.fct_visits"]},
            "sums": {
                "description": "sums",
                "members": [{"name": "reporting.rpt_*", "learners": ["learners"]}],
            },
        },
        "roles": {
            "teacher": {
                "description": "teaches",
                "relations": ["learners", "sums"],
                "rows": "courses",
                "limits": LIMITS,
            },
            "pupil": {
                "description": "learns",
                "relations": ["learners"],
                "rows": "own",
                "limits": LIMITS,
            },
        },
        "course_roles": ["staff"],
    }
    path = folder / "access.yml"
    path.write_text(yaml.safe_dump(content | changes))
    return path


VISITS = Model(
    "reporting.fct_visits",
    ("org", "course_key", "actor_id", "actor_home_page"),
    is_published=True,
    is_stored=False,
)
SUMS = Model(
    "reporting.rpt_sums", ("org", "course_key", "learners"), is_published=True, is_stored=False
)


def test_every_published_relation_has_exactly_one_rule() -> None:
    assert gaps(read_access(PROJECT / "access.yml"), models_of(manifest())) == []


def test_no_table_is_built_from_what_goes_by_who_asks() -> None:
    """Else a table would lack rows, in silence, where dbt runs as a user without a role."""
    models = models_of(manifest())
    published = {model.relation for model in models if model.is_published}
    assert [model for model in models if model.is_stored and published & set(model.reads)] == []


def test_a_role_reads_what_its_groups_have(tmp_path: Path) -> None:
    access = read_access(written(tmp_path))
    assert access.may_read("teacher", "reporting.fct_visits")
    assert access.may_read("teacher", "reporting.rpt_anything")
    assert not access.may_read("pupil", "reporting.rpt_anything")
    assert not access.may_read("teacher", "reporting.fct_visits_of_others")
    assert access.roles["pupil"].limits.memory == 1024**3


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (Model("reporting.fct_new", (), True, False), "access.yml has it in no group"),
        (Model("reporting.rpt_other", ("org",), True, False), "has no column learners"),
        (Model("xapi.int_new", (), False, True), None),
    ],
)
def test_a_model_without_its_rule_is_told(tmp_path: Path, model: Model, told: str | None) -> None:
    found = gaps(read_access(written(tmp_path)), [VISITS, SUMS, model])
    assert bool(found) == bool(told)
    assert not told or told in found[0]


def test_a_rule_for_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert gaps(read_access(written(tmp_path)), [VISITS]) == [
        "reporting.rpt_* is in access.yml, and nothing of that name is published."
    ]


def test_own_rows_are_of_what_has_learners(tmp_path: Path) -> None:
    nobodys = Model("reporting.fct_visits", ("org", "course_key"), True, False)
    (found,) = gaps(read_access(written(tmp_path)), [nobodys, SUMS])
    assert "its rows are nobody's" in found


def test_a_relation_in_two_groups_is_told(tmp_path: Path) -> None:
    groups = {
        "learners": {"description": "", "members": ["reporting.fct_visits"]},
        "sums": {"description": "", "members": ["reporting.*"]},
    }
    (found,) = gaps(read_access(written(tmp_path, relations=groups)), [VISITS])
    assert found == "reporting.fct_visits is in several groups of access.yml: learners, sums."


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"small_group_size": 0}, "small_group_size: Input should be greater than or equal to 1."),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted."),
        ({"relations": {}}, "role pupil: there is no group learners."),
        (
            {"relations": {"sums": {"description": "", "members": ["xapi.a`; DROP"]}}},
            "relations.sums.members.0.name: String should match pattern",
        ),
    ],
)
def test_a_wrong_file_is_refused_by_its_place(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(UsageError) as refused:
        read_access(path)
    assert told in str(refused.value)
    assert str(path) in str(refused.value)


def test_what_is_no_yaml_and_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_access(tmp_path / "access.yml")
    (tmp_path / "access.yml").write_text("roles: [")
    with pytest.raises(UsageError, match="is no YAML"):
        read_access(tmp_path / "access.yml")
