"""Guest tokens: what is embedded shows one course, and whoever changes the asking gets no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from loader.superset import Superset, access_differences, apply_access, guest_token
from loader.superset.identity import OURS
from scripts.superset_demo import COURSE
from scripts.superset_process import secret
from tests.superset.conftest import Metadata, Served
from tests.superset.visitor import Visitor

EMBEDDED = ("course-outline", "graded-subsection", "problem", "video")
KEY = COURSE[1]


@dataclass(frozen=True)
class Embedding:
    """What is embedded: ids by slugs, and the secret that signs for it."""

    served: Served
    secret: str
    ids: dict[str, str]
    numbers: dict[str, int]

    def guest(self, slug: str, course: str = KEY, **changes: Any) -> Visitor:
        """Somebody with a token, whose claims may be changed before it is signed."""
        token = guest_token(self.secret, self.ids[slug], course)
        if changes:
            claims = jwt.decode(token, self.secret, ["HS256"], audience="superset") | changes
            token = jwt.encode(claims, self.secret)
        return self.bearer(token)

    def bearer(self, token: str) -> Visitor:
        return Visitor(self.served.server.url, **{"X-GuestToken": token})

    def charts(self, slug: str) -> list[dict[str, Any]]:
        """The charts of a dashboard as its page asks for them, but for what all of them have."""
        server, number = self.served.server, self.numbers[slug]
        found = []
        for one in server.get(f"dashboard/{number}/charts")["result"]:
            if one["slice_name"] == "Data as of":
                continue
            stored = server.get(f"chart/{one['id']}")["result"]
            context = json.loads(stored["query_context"])
            context["form_data"] = one["form_data"] | {
                "slice_id": one["id"],
                "dashboardId": number,
            }
            found.append(context)
        return found

    def filters(self, slug: str) -> dict[str, dict[str, Any]]:
        """The filters of a dashboard by their names, as its page asks for their values."""
        number = self.numbers[slug]
        row = self.served.server.get(f"dashboard/{number}")["result"]
        found = {}
        for one in json.loads(row["json_metadata"])["native_filter_configuration"]:
            (target,) = one["targets"]
            column = target["column"]["name"]
            found[one["id"]] = {
                "datasource": {"id": target["datasetId"], "type": "table"},
                "queries": [{"columns": [column], "metrics": [], "orderby": [[column, True]]}],
                "form_data": {
                    "type": "NATIVE_FILTER",
                    "native_filter_id": one["id"],
                    "dashboardId": number,
                },
                "result_format": "json",
                "result_type": "full",
            }
        return found


@pytest.fixture(scope="module")
def embedding(served: Served, metadata: Metadata) -> Embedding:
    server = served.server
    numbers = {
        row["slug"]: row["id"]
        for row in server.list("dashboard", ("id", "slug", "uuid"))
        if row["uuid"].startswith(OURS)
    }
    ids = {slug: server.embedded_id(slug) or "" for slug in EMBEDDED}
    return Embedding(served, secret(metadata.home, "guest_token_secret"), ids, numbers)


def rows(visitor: Visitor, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of all queries of a chart."""
    answer = visitor.parsed("/api/v1/chart/data", context)
    return [row for result in answer["result"] for row in result["data"]]


def refused(visitor: Visitor, context: dict[str, Any]) -> str:
    status, text = visitor.ask("/api/v1/chart/data", context)
    assert status in (400, 401, 403), f"{status} {text[:300]}"
    return text


@pytest.mark.parametrize("slug", EMBEDDED)
def test_a_token_shows_its_dashboard_for_its_course(embedding: Embedding, slug: str) -> None:
    guest = embedding.guest(slug)
    assert guest.ask(f"/embedded/{embedding.ids[slug]}")[0] == 200
    number = embedding.numbers[slug]
    for part in ("", "/charts", "/datasets"):
        assert guest.ask(f"/api/v1/dashboard/{number}{part}")[0] == 200
    shown = [rows(guest, context) for context in embedding.charts(slug)]
    assert all(shown), slug
    assert {row["course_key"] for row in rows(guest, _courses(embedding, slug))} == {KEY}


def _courses(embedding: Embedding, slug: str) -> dict[str, Any]:
    """The filter that lists courses."""
    found = embedding.filters(slug)
    return found.get("NATIVE_FILTER-run") or found["NATIVE_FILTER-runs"]


def test_numbers_are_those_of_the_course(embedding: Embedding) -> None:
    heatmap = _dataset(embedding, "rpt_video_heatmap")
    chart = next(one for one in embedding.charts("video") if one["datasource"]["id"] == heatmap)
    for course in (KEY, embedding.served.value(_other("rpt_video_heatmap"))):
        found = rows(embedding.guest("video", course), chart)
        first_views = sum(row["First views"] for row in found)
        of_ten_seconds = (
            "select sum(learners) / uniqExact(watched_second) as first_views"
            " from reporting.rpt_video_heatmap"
            f" where course_key = '{course}' and learners >= 5"
            " group by intDiv(watched_second - 1, 10)"
        )
        assert first_views == pytest.approx(
            embedding.served.value(f"select sum(first_views) from ({of_ten_seconds})")
        )


def _other(relation: str) -> str:
    return (
        f"select course_key from reporting.{relation} where course_key != '{KEY}'"
        " group by course_key order by sum(learners) desc limit 1"
    )


@pytest.mark.parametrize("course", ["course-v1:Nobody+NONE+0", "guest_user"])
def test_a_course_without_data_shows_nothing(embedding: Embedding, course: str) -> None:
    guest = embedding.guest("course-outline", course)
    for context in embedding.charts("course-outline"):
        assert rows(guest, context) == []


def _dataset(embedding: Embedding, name: str) -> int:
    found = embedding.served.server.list("dataset", ("id", "table_name"))
    return next(int(row["id"]) for row in found if row["table_name"] == name)


@pytest.mark.parametrize(
    "course",
    [
        "x' or '1' = '1",
        "x\\' or 1 = 1 -- ",
        "x') or 1 = 1 or ('' = '",
        "{{ 1 }}",
        "x' or {{ '1' }} = '1",
        f"{KEY}' or course_key != '",
        "%s %(x)s :x",
        "é漢字",
    ],
)
def test_a_course_key_is_a_value_whatever_it_consists_of(embedding: Embedding, course: str) -> None:
    assert rows(embedding.guest("video", course), _courses(embedding, "video")) == []


@pytest.mark.parametrize("user", [{}, {"username": "admin"}, {"username": "instructor"}])
def test_a_token_without_a_course_shows_nothing(embedding: Embedding, user: dict[str, str]) -> None:
    guest = embedding.guest("video", user=user)
    assert rows(guest, _courses(embedding, "video")) == []


def _tampered(token: str, change: Callable[[dict[str, Any]], Any]) -> str:
    """The token with other claims, and the signature that it had."""
    header, _body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    change(claims)
    body = jwt.encode(claims, "x" * 32).split(".")[1]
    return ".".join((header, body, signature))


def test_a_changed_token_opens_nothing(embedding: Embedding) -> None:
    token = guest_token(embedding.secret, embedding.ids["video"], KEY)
    claims = jwt.decode(token, embedding.secret, ["HS256"], audience="superset")
    other = {"username": "course-v1:NorthU+OTHER+1"}
    changed = [
        _tampered(token, lambda claims: claims.update(user=other)),
        _tampered(token, lambda claims: claims.update(exp=4_000_000_000)),
        jwt.encode(claims, "another secret, as long as it must be"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims | {"aud": "another"}, embedding.secret),
        jwt.encode(claims | {"exp": 1_700_000_000}, embedding.secret),
        jwt.encode(claims | {"type": "access"}, embedding.secret),
        token[:-2],
    ]
    context = _courses(embedding, "video")
    for one in changed:
        refused(embedding.bearer(one), context)


def test_a_token_opens_no_other_dashboard(embedding: Embedding) -> None:
    guest = embedding.guest("video")
    assert {
        row["id"] for row in guest.parsed("/api/v1/dashboard/?q=(page_size:100)")["result"]
    } == {embedding.numbers["video"]}
    for slug in ("course-outline", "course", "individual-learner"):
        number = embedding.numbers[slug]
        for part in ("", "/charts", "/datasets"):
            assert guest.ask(f"/api/v1/dashboard/{number}{part}")[0] in (401, 403, 404)
        for context in embedding.charts(slug)[:3]:
            refused(guest, context)
            # Nor as if it were on one's own.
            context["form_data"]["dashboardId"] = embedding.numbers["video"]
            refused(guest, context)


def test_a_dashboard_that_is_not_to_be_embedded_is_not_by_a_token_either(
    embedding: Embedding,
) -> None:
    number = embedding.numbers["individual-learner"]
    resources = [{"type": "dashboard", "id": str(number)}]
    guest = embedding.guest("video", resources=resources)
    for context in embedding.charts("individual-learner"):
        status, text = guest.ask("/api/v1/chart/data", context)
        assert status in (401, 403) or not any(
            row for result in json.loads(text)["result"] for row in result["data"]
        )


def test_a_token_opens_nothing_but_its_charts(embedding: Embedding) -> None:
    guest = embedding.guest("video")
    database = next(iter(embedding.served.server.list("database", ("id",))))["id"]
    query = {
        "database_id": database,
        "sql": "select 1",
        "schema": "reporting",
        "client_id": "embedded",
    }
    assert guest.ask("/api/v1/sqllab/execute/", query)[0] in (400, 401, 403)
    heatmap = _dataset(embedding, "rpt_video_heatmap")
    for path in (
        f"/api/v1/dataset/{heatmap}",
        f"/api/v1/database/{database}/tables/?q=(schema_name:reporting)",
        "/api/v1/chart/?q=(page_size:100)",
        "/api/v1/security/users/",
        "/api/v1/rowlevelsecurity/",
        "/api/v1/query/",
        f"/datasource/samples?force=false&datasource_type=table&datasource_id={heatmap}",
        f"/api/v1/datasource/table/{heatmap}/column/course_key/values/",
    ):
        status, text = guest.ask(path)
        assert status >= 400 or not json.loads(text)["result"], f"{path}: {status} {text[:200]}"
    status, _text = guest.ask(
        "/datasource/samples?force=false&datasource_type=table"
        f"&datasource_id={heatmap}&dashboard_id={embedding.numbers['video']}",
        {},
    )
    assert status >= 400


def _with(context: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A chart's asking, with its first query changed."""
    first, *others = context["queries"]
    return context | {"queries": [first | changes, *others]}


def test_a_chart_cannot_be_asked_otherwise(embedding: Embedding) -> None:
    guest = embedding.guest("graded-subsection")
    charts = embedding.charts("graded-subsection")
    chart = next(one for one in charts if len(one["queries"][0].get("metrics") or []) == 1)
    sql = {"expressionType": "SQL", "sqlExpression": "max(actor_id)", "label": "x"}
    learner = {"col": "actor_id", "op": "==", "val": "x"}
    by_sql = {"col": sql, "op": "==", "val": "x"}
    assert rows(guest, chart)
    for changed in (
        _with(chart, columns=["actor_id"]),
        _with(chart, metrics=[sql]),
        _with(chart, orderby=[[sql, True]]),
        _with(chart, extras={"where": "actor_id = 'x'"}),
        _with(chart, extras={"having": "count() = 1"}),
        _with(chart, extras={"where": "1 = 1) or (1 = 1"}),
        _with(chart, filters=[learner]),
        _with(chart, filters=[by_sql]),
        _with(chart, is_rowcount=True),
        _with(chart, result_type="samples"),
        _with(chart, series_columns=["actor_id"], series_limit=1),
        chart | {"result_type": "samples"},
        chart | {"result_type": "drill_detail"},
        chart | {"result_type": "query"},
        chart | {"form_data": {}},
        chart | {"form_data": None},
        chart | {"form_data": chart["form_data"] | {"dashboardId": None}},
        chart | {"form_data": chart["form_data"] | {"slice_id": None}},
        chart | {"datasource": {"id": _dataset(embedding, "fct_enrollments"), "type": "table"}},
    ):
        refused(guest, changed)


def test_a_filter_lists_its_own_column_alone(embedding: Embedding) -> None:
    guest = embedding.guest("graded-subsection")
    asked = embedding.filters("graded-subsection")["NATIVE_FILTER-subsection"]
    assert rows(guest, asked)
    for changed in (
        _with(asked, columns=["actor_id"]),
        _with(asked, columns=["subsection_block_id", "actor_id"]),
        _with(asked, metrics=[{"expressionType": "SQL", "sqlExpression": "1", "label": "x"}]),
        _with(asked, extras={"where": "actor_id = 'x'"}),
        asked | {"result_type": "samples"},
        asked | {"datasource": {"id": _dataset(embedding, "fct_enrollments"), "type": "table"}},
    ):
        refused(guest, changed)


def test_a_filter_narrows_and_its_value_is_a_value(embedding: Embedding) -> None:
    guest = embedding.guest("course-outline")
    asked = embedding.filters("course-outline")["NATIVE_FILTER-run"]
    for value in ("x", "x' or '1' = '1", "x\\' or 1 = 1 -- ", "x\\') or 1 = 1 -- "):
        condition = {"col": "course_key", "op": "IN", "val": [value]}
        status, text = guest.ask("/api/v1/chart/data", _with(asked, filters=[condition]))
        found = json.loads(text)["result"][0]["data"] if status == 200 else []
        assert found == [], value
    condition = {"col": "course_key", "op": "IN", "val": [KEY]}
    assert rows(guest, _with(asked, filters=[condition])) == [{"course_key": KEY}]


def test_the_cache_keeps_courses_apart(embedding: Embedding) -> None:
    other = embedding.served.value(_other("rpt_video_heatmap"))
    asked = _courses(embedding, "video")
    for course in (KEY, other, KEY):
        assert rows(embedding.guest("video", course), asked) == [{"course_key": course}]


def test_clauses_in_a_token_narrow_it_further(embedding: Embedding) -> None:
    rules = [{"dataset": _dataset(embedding, "dim_courses"), "clause": "org = 'nobody'"}]
    guest = embedding.guest("video", rls_rules=rules)
    asked = _courses(embedding, "video")
    assert rows(guest, asked) == []
    guest = embedding.guest("video", rls_rules=[{"clause": "1 = 1"}])
    assert rows(guest, asked) == [{"course_key": KEY}]


def test_embedding_that_was_switched_off_is_switched_on_again(embedding: Embedding) -> None:
    server: Superset = embedding.served.server
    access, bundle = embedding.served.access, embedding.served.bundle
    course = embedding.numbers["course"]
    server.post(f"dashboard/{course}/embedded", {"allowed_domains": []})
    assert access_differences(access, bundle, server) == ["dashboard course: embedded"]
    apply_access(access, bundle, server)
    assert server.embedded_id(course) is None
    assert {slug: server.embedded_id(slug) for slug in EMBEDDED} == embedding.ids
