"""`loader superset apply` on a Superset that has nothing, and on one that was changed."""

from __future__ import annotations

import pytest

from loader.errors import LoaderError
from loader.superset import Bundle, Superset, access_differences, apply, apply_access, differences
from loader.superset.bundle import OURS
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


def test_what_we_have_no_longer_goes_and_what_others_made_stays(served: Served) -> None:
    path, dashboard = next(served.bundle.of("dashboards"))
    older = dashboard | {
        "uuid": f"{OURS}-0000-8000-8000-000000000001",
        "slug": "former",
        "dashboard_title": "Former",
    }
    apply(
        Bundle(served.bundle.files | {path.replace(".yaml", "_former.yaml"): older}), served.server
    )
    foreign = served.server.post("dashboard/", {"dashboard_title": "Not ours"})["id"]
    outcome = apply(served.bundle, served.server)
    assert outcome.removed == ["dashboard Former"]
    assert served.server.get(f"dashboard/{foreign}")["result"]["dashboard_title"] == "Not ours"
    served.server.delete(f"dashboard/{foreign}")


def test_a_rule_that_was_emptied_is_put_right(served: Served) -> None:
    rule = _id(served.server, "rowlevelsecurity", "name", "warehouse_rows_of_instructor")
    # Superset takes a body that is not whole, and empties the rest.
    served.server.put(f"rowlevelsecurity/{rule}", {"clause": "1 = 1"})
    assert access_differences(served.access, served.bundle, served.server) == [
        "rule warehouse_rows_of_instructor: changed"
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
