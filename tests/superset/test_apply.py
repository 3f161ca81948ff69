"""`loader superset apply` on a Superset that has nothing, and on one that was changed."""

from __future__ import annotations

from copy import deepcopy

import pytest

from loader.errors import LoaderError
from loader.superset import Bundle, Superset, access_differences, apply, apply_access, differences
from loader.superset.apply import title
from loader.superset.identity import OURS
from tests.superset.conftest import Served


def test_what_was_applied_is_there(served: Served) -> None:
    assert differences(served.bundle, served.server) == []
    assert access_differences(served.access, served.bundle, served.server) == []


def test_a_second_time_nothing_is_done(served: Served) -> None:
    outcome = apply(served.bundle, served.server)
    assert (outcome.imported, outcome.removed, outcome.kept) == ([], [], [])
    assert apply_access(served.access, served.bundle, served.server) == []


def test_what_was_changed_by_hand_is_put_right(served: Served) -> None:
    chart = _id(served.server, "chart", "slice_name", "Enrolled")
    served.server.put(f"chart/{chart}", {"slice_name": "Changed by hand"})
    (found,) = differences(served.bundle, served.server)
    assert found.changes == ('slice_name: "Changed by hand" instead of "Enrolled"',)
    apply(served.bundle, served.server)
    assert differences(served.bundle, served.server) == []


def test_an_older_instance_is_brought_up_to_date_and_what_others_made_stays(served: Served) -> None:
    apply(older(served.bundle), served.server)
    assert differences(older(served.bundle), served.server) == []
    foreign = served.server.post("dashboard/", {"dashboard_title": "Not ours"})["id"]
    outcome = apply(served.bundle, served.server)
    assert outcome.removed == ["dashboard Former", "chart Former"]
    assert {(one.kind, one.name) for one in outcome.imported} == {
        ("datasets", "rpt_course_overview"),
        ("charts", "Enrolled"),
        ("dashboards", "Course"),
    }
    assert differences(served.bundle, served.server) == []
    assert served.server.get(f"dashboard/{foreign}")["result"]["dashboard_title"] == "Not ours"
    served.server.delete(f"dashboard/{foreign}")


def older(bundle: Bundle) -> Bundle:
    """The bundle as it may have been: other, with a chart and a dashboard that are gone now."""
    files = deepcopy(bundle.files)
    by_title = {title(one): one for path, one in files.items() if path != "metadata.yaml"}
    by_title["rpt_course_overview"]["metrics"].append(
        by_title["rpt_course_overview"]["metrics"][0] | {"metric_name": "Former"}
    )
    by_title["rpt_course_overview"]["columns"].pop()
    by_title["Enrolled"]["params"]["header_font_size"] = 0.2
    by_title["Course"]["metadata"]["native_filter_configuration"].pop()
    former: dict[str, dict[str, str]] = {
        "charts": {"slice_name": "Former"},
        "dashboards": {"dashboard_title": "Former", "slug": "former"},
    }
    for place, (kind, changes) in enumerate(former.items(), start=1):
        _, like = next(bundle.of(kind))
        uuid = f"{OURS}-0000-8000-8000-00000000000{place}"
        files[f"{kind}/former.yaml"] = like | changes | {"uuid": uuid}
    return Bundle(files)


def test_a_rule_that_was_emptied_is_put_right(served: Served) -> None:
    rule = _id(served.server, "rowlevelsecurity", "name", "warehouse_rows_of_courses_1")
    # Superset takes a body that is not whole, and empties the rest.
    served.server.put(f"rowlevelsecurity/{rule}", {"clause": "1 = 1"})
    assert access_differences(served.access, served.bundle, served.server) == [
        "rule warehouse_rows_of_courses_1: changed"
    ]
    apply_access(served.access, served.bundle, served.server)
    assert access_differences(served.access, served.bundle, served.server) == []


def test_errors_have_the_reason_of_the_server(served: Served) -> None:
    with pytest.raises(LoaderError, match="refuses the login: check SUPERSET_USER"):
        Superset(served.server.url, "admin", "wrong")
    with pytest.raises(LoaderError, match=r"answers 404 to GET /api/v1/chart/0: Not found\."):
        served.server.get("chart/0")
    wrong = {"charts/wrong.yaml": {"slice_name": "No UUID", "version": "1.0.0"}}
    metadata = {"metadata.yaml": served.bundle.files["metadata.yaml"]}
    archive = Bundle(metadata | wrong).archive()
    with pytest.raises(LoaderError, match=r"assets/import/: Import failed .*; its log says why"):
        served.server.import_assets(archive, {})


def _id(server: Superset, resource: str, column: str, name: str) -> int:
    rows = server.list(resource, ("id", column))
    return next(int(row["id"]) for row in rows if row[column] == name)
