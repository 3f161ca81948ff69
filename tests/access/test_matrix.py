"""Each role, each published relation: sees all of it, only its rows, or is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.conftest import (
    ALGEBRA,
    COURSES,
    LEARNER,
    PEOPLE,
    TEACHING_LEARNER,
    TIMEZONE,
    Platform,
)

Row = dict[str, Any]

# These have no course to go by.
PEOPLE_ALONE = {"reporting.dim_learners", "reporting_pii.dim_learner_profiles"}
WITHOUT_COURSE = PEOPLE_ALONE | {"reporting.rpt_organisations"}
# What the server tells of itself is otherwise a moment later: test_server_tables.py.
LIVE = {"reporting.ops_clickhouse_metrics", "reporting.ops_clickhouse_queries"}
LIMITED = [name for name in PEOPLE if name in COURSES]


def published(platform: Platform) -> list[str]:
    return [model.relation for model in platform.models if model.is_published]


def is_refused(platform: Platform, user: str, relation: str) -> bool:
    return platform.refusal(user, f"SELECT * FROM {relation} WHERE 0") == "ACCESS_DENIED"


def is_large(platform: Platform, relation: str, row: Row) -> bool:
    counts = [row[name] for name in platform.access.learner_columns(relation)]
    return not counts or max(counts) == 0 or max(counts) >= platform.access.small_group_size


def identity(row: Row) -> tuple[str, str]:
    return row["actor_id"], row["actor_home_page"]


@pytest.mark.parametrize("user", PEOPLE)
def test_what_is_not_given_is_refused(platform: Platform, user: str) -> None:
    roles = platform.access.users[user]
    refused = {one for one in published(platform) if is_refused(platform, user, one)}
    assert refused == {
        one
        for one in published(platform)
        if not any(platform.access.may_read(role, one) for role in roles)
    }


@pytest.mark.parametrize("user", ["admin", "operator", "analyst", "warehouse_superset"])
def test_who_sees_all_rows_sees_those_of_the_warehouse(platform: Platform, user: str) -> None:
    (role,) = platform.access.users[user]
    hides = platform.access.hides_small_groups(role)
    seen = 0
    for relation in published(platform):
        if relation in LIVE or not platform.access.may_read(role, relation):
            continue
        rows = platform.table("default", relation)
        expected = [row for row in rows if not hides or is_large(platform, relation, row)]
        assert platform.table(user, relation) == expected, relation
        seen += len(expected)
    assert seen > 100


@pytest.mark.parametrize("user", ["operator", "instructor", LEARNER, "warehouse_superset"])
def test_who_reads_has_days_of_utc(platform: Platform, user: str) -> None:
    midnight = "SELECT serverTimezone(), toUnixTimestamp(toDateTime(toDate('2026-01-01')))"
    assert platform.rows(user, midnight) == [(TIMEZONE, 1_767_225_600)]


@pytest.mark.parametrize("user", LIMITED)
def test_who_teaches_sees_what_is_of_their_courses(platform: Platform, user: str) -> None:
    roles = platform.access.users[user]
    hides = all(platform.access.hides_small_groups(role) for role in roles)
    seen = 0
    for relation in published(platform):
        allowed = any(platform.access.may_read(role, relation) for role in roles)
        if not allowed or relation in WITHOUT_COURSE:
            continue
        rows = platform.table("default", relation)
        if not platform.access.is_same_for_all(relation):
            rows = [row for row in rows if row["course_key"] in COURSES[user]]
            seen += len(rows)
        expected = [row for row in rows if not hides or is_large(platform, relation, row)]
        assert platform.table(user, relation) == expected, relation
    assert (seen > 100) == bool(COURSES[user])


@pytest.mark.parametrize("user", LIMITED)
def test_who_teaches_sees_the_learners_of_their_courses_alone(
    platform: Platform, user: str
) -> None:
    days = platform.table("default", "reporting.fct_daily_learner_activity")
    learners = {identity(row) for row in days if row["course_key"] in COURSES[user]}
    assert bool(learners) == bool(COURSES[user])
    for relation in PEOPLE_ALONE:
        if is_refused(platform, user, relation):
            continue
        everybody = {identity(row) for row in platform.table("default", relation)}
        assert {identity(row) for row in platform.table(user, relation)} == everybody & learners
        assert everybody - learners


def test_numbers_of_an_organisation_are_made_of_ones_courses(platform: Platform) -> None:
    relation, total = "reporting.rpt_organisations", ""
    rows = {row["org"]: row for row in platform.table("default", relation)}
    seen = {row["org"]: row for row in platform.table("of_organisation", relation)}
    assert seen == {"NorthU": rows["NorthU"], total: rows["NorthU"] | {"org": total}}
    seen = {row["org"]: row for row in platform.table("instructor", relation)}
    assert seen.keys() == {"NorthU", "PolyX", total}
    assert seen["PolyX"] == rows["PolyX"]  # it has no other course
    assert seen["NorthU"]["course_runs"] == 1
    assert rows["NorthU"]["course_runs"] == 2
    assert all(row["course_runs"] == 0 for row in platform.table("no_more", relation))


def test_a_learner_sees_their_own_rows(platform: Platform) -> None:
    profiles = platform.table("default", "reporting_pii.dim_learner_profiles")
    own = {identity(row) for row in profiles if row["username"] == LEARNER}
    seen = 0
    for relation in published(platform):
        if not platform.access.may_read("learner", relation) or relation in PEOPLE_ALONE:
            continue
        expected = [row for row in platform.table("default", relation) if identity(row) in own]
        assert platform.table(LEARNER, relation) == expected, relation
        seen += len(expected)
    assert seen > 100
    assert {identity(row) for row in platform.table(LEARNER, "reporting.dim_learners")} == own


def test_of_several_roles_the_widest_counts(platform: Platform) -> None:
    """Or a course's numbers would be made of one learner's rows, where a teacher also learns."""
    table = "reporting.fct_learner_course_status"
    assert {row["course_key"] for row in platform.table(TEACHING_LEARNER, table)} == COURSES[
        TEACHING_LEARNER
    ]
    profiles = platform.table("default", "reporting_pii.dim_learner_profiles")
    own = {identity(row) for row in profiles if row["username"] == TEACHING_LEARNER}
    everywhere = {
        row["course_key"] for row in platform.table("default", table) if identity(row) in own
    }
    assert everywhere - COURSES[TEACHING_LEARNER]


def test_who_sees_all_rows_by_one_role_learns_names_of_another_alone(platform: Platform) -> None:
    """An analyst who teaches, and may know who their learners are, knows nobody else."""
    table, names = "reporting.fct_learner_course_status", "reporting_pii.dim_learner_profiles"
    assert platform.table("teaching_analyst", table) == platform.table("default", table)
    days = platform.table("default", "reporting.fct_daily_learner_activity")
    learners = {identity(row) for row in days if row["course_key"] == ALGEBRA}
    everybody = {identity(row) for row in platform.table("default", names)}
    known = {identity(row) for row in platform.table("teaching_analyst", names)}
    assert known == everybody & learners != everybody
    for relation in sorted(one for one in published(platform) if "_with_names" in one):
        named = [row for row in platform.table("teaching_analyst", relation) if row["username"]]
        assert named, relation
        assert {identity(row) for row in named} <= known


def test_small_groups_are_there_to_be_hidden(platform: Platform) -> None:
    """Each kind of summary that has them hides them from an analyst, and from no one else."""
    summaries = [one for one in published(platform) if platform.access.learner_columns(one)]
    hidden = 0
    for relation in summaries:
        small = [
            row
            for row in platform.table("default", relation)
            if not is_large(platform, relation, row)
        ]
        hidden += bool(small)
        assert platform.table("analyst", relation) == [
            row for row in platform.table("default", relation) if is_large(platform, relation, row)
        ]
        assert platform.table("admin", relation) == platform.table("default", relation)
    assert hidden > len(summaries) / 2
