"""A person is erased: from every table, whatever names them, and nobody else with them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from loader.errors import LoaderError, UsageError
from loader.forget import Erasure, Wanted, find_person
from tests.command import Command
from tests.reporting import Table, dbt, published, published_relations, records
from tests.statements import Statement, lines, statement, text
from tests.warehouse import Warehouse, counted

HOME = "https://lms.example"
OTHER = "https://other.example"
COURSE = "https://lms.example/course/course-v1:Org+Demo+1"
BLOCK = "https://lms.example/xblock/block-v1:Org+Demo+1+type@{0}+block@{0}1"
UUID = "5509c57e-4e7b-4119-8dd9-8633f6595fa2"
SHA1 = hashlib.sha1(b"mailto:ana@example.org", usedforsecurity=False).hexdigest()
VIDEO = "https://w3id.org/xapi/video/"


def account(name: str, home_page: str = HOME) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


# Each with someone beside whose identifier is nearly the same.
LEARNERS = {
    "a number": (account("1042"), account("10421")),
    "a UUID": (account(UUID), account(UUID.replace("5509", "5508"))),
    "an address": (
        {"name": "Ana Lopez", "mbox": "mailto:ana@example.org"},
        {"mbox": "mailto:diana@example.org"},
    ),
    "a SHA-1": (
        {"mbox_sha1sum": hashlib.sha1(b"x", usedforsecurity=False).hexdigest()},
        {"mbox_sha1sum": hashlib.sha1(b"y", usedforsecurity=False).hexdigest()},
    ),
    "an OpenID": (
        {"openid": "https://id.example/ana"},
        {"openid": "https://id.example/anabel"},
    ),
    "a name in Unicode": (account("Zoë \\ 'Ü'"), account("Zoë")),
}


def identifier(actor: dict[str, Any]) -> str:
    """What one would type."""
    if "account" in actor:
        return str(actor["account"]["name"])
    return str(next(actor[kind] for kind in ("mbox", "mbox_sha1sum", "openid") if kind in actor))


def acts(actor: dict[str, Any], first: int) -> list[Statement]:
    """A learner enrols, goes to a page, watches, answers and gets a grade."""
    course = {"id": COURSE, "definition": {"type": "http://adlnet.gov/expapi/activities/course"}}
    parts = {"contextActivities": {"parent": [course]}}
    video = {"id": BLOCK.format("video"), "definition": {"type": f"{VIDEO}activity-type/video"}}
    problem = {
        "id": BLOCK.format("problem"),
        "definition": {"type": "http://adlnet.gov/expapi/activities/cmi.interaction"},
    }
    played, paused = (
        {"verb": {"id": f"{VIDEO}verbs/{verb}"}, "object": video, "context": parts}
        | {"result": {"extensions": {f"{VIDEO}extensions/time": at}}}
        for verb, at in (("played", 0), ("paused", 20))
    )
    told: list[dict[str, Any]] = [
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/registered"}, "object": course},
        {"verb": {"id": "https://w3id.org/xapi/dod-isd/verbs/navigated"}, "object": course},
        played,
        paused,
        {
            "verb": {"id": "https://w3id.org/xapi/acrossx/verbs/evaluated"},
            "object": problem,
            "context": parts,
            "result": {"success": True, "response": "[3]", "score": {"scaled": 1}},
        },
        {
            "verb": {"id": "http://id.tincanapi.com/verb/earned"},
            "object": course,
            "result": {"score": {"scaled": 0.7}},
        },
    ]
    return [
        statement(
            first + number, actor=actor, timestamp=f"2026-03-01T10:00:{20 * number // 2:02}Z", **one
        )
        for number, one in enumerate(told)
    ]


def forget(warehouse: Warehouse, wanted: Wanted | str) -> int:
    """Find and remove; how many rows there were, after a look that nothing is left."""
    wanted = Wanted(wanted) if isinstance(wanted, str) else wanted
    person = find_person(warehouse.client, warehouse.settings, wanted)
    erasure = Erasure(warehouse.client, warehouse.settings, person)
    found = erasure.find()
    erasure.remove(found)
    assert [one for one in erasure.find() if one.rows] == []
    assert warehouse.value("SELECT count() FROM system.mutations") == 0
    return sum(one.rows for one in found)


def tables_with(warehouse: Warehouse, needle: str) -> list[str]:
    """Base tables in which any text holds this, found in the plainest way."""
    columns = warehouse.rows(
        "SELECT database, table, name FROM system.columns WHERE type LIKE '%String%' "
        "AND (database, table) IN (SELECT database, name FROM system.tables WHERE engine LIKE "
        "'%MergeTree' AND (database IN ('xapi', 'event_sink', 'access') "
        "OR database LIKE 'reporting%'))"
    )
    assert len(columns) > 50
    return sorted(
        f"{database}.{table}.{column}"
        for database, table, column in columns
        if warehouse.rows(
            f"SELECT 1 FROM {database}.`{table}` "
            f"WHERE positionCaseInsensitiveUTF8(toString(`{column}`), {{needle:String}}) > 0 "
            "LIMIT 1",
            needle=needle,
        )
    )


def reports(warehouse: Warehouse) -> dict[str, Table]:
    """Every published relation about learning."""
    return published(warehouse.client, published_relations())


def test_the_reports_are_as_if_they_had_never_been_there(warehouse: Warehouse) -> None:
    everybody = {
        name: (acts(one, 100 * number), acts(other, 100 * number + 50))
        for number, (name, (one, other)) in enumerate(LEARNERS.items(), start=1)
    }
    for theirs, others in everybody.values():
        warehouse.ingest(lines(*theirs, *others))
    dbt(warehouse.settings, "run")
    for one, _ in LEARNERS.values():
        assert forget(warehouse, identifier(one)) >= 6 * 3
        assert tables_with(warehouse, f'"{identifier(one)}"') == []
    assert tables_with(warehouse, "Lopez") == []
    dbt(warehouse.settings, "run")
    found = reports(warehouse)

    warehouse.empty()
    warehouse.ingest(lines(*(one for _, others in everybody.values() for one in others)))
    dbt(warehouse.settings, "run")
    expected = reports(warehouse)
    assert expected["reporting.fct_enrollments"]
    for relation, rows in expected.items():
        assert found[relation] == rows, relation


@pytest.mark.parametrize("name", LEARNERS)
def test_whatever_identifies_them(warehouse: Warehouse, name: str) -> None:
    one, other = LEARNERS[name]
    warehouse.ingest(lines(*acts(one, 1), *acts(other, 51)))
    assert forget(warehouse, identifier(one)) == 6 * 2
    assert warehouse.events == [text(made).decode() for made in acts(other, 51)]
    assert warehouse.value("SELECT count() FROM xapi.statement_ids") == 6


def test_an_address_is_forgotten_in_all_its_forms(warehouse: Warehouse) -> None:
    forms = [
        {"mbox": "mailto:ana@example.org"},
        {"mbox": "mailto:Ana@Example.org"},
        {"mbox_sha1sum": SHA1},
        account("ana@example.org"),
        account("ana@example.org", OTHER),
    ]
    warehouse.ingest(lines(*(statement(n, actor=one) for n, one in enumerate(forms, start=1))))
    forget(warehouse, Wanted(email="ana@example.org"))
    assert warehouse.events == []


def test_one_of_two_platforms(warehouse: Warehouse) -> None:
    here, there = acts(account(UUID), 1), acts(account(UUID, OTHER), 51)
    warehouse.ingest(lines(*here, *there))
    dbt(warehouse.settings, "run")
    both = f"{HOME} or {OTHER}"
    with pytest.raises(UsageError, match=f"called {UUID} on 2 platforms: .* {both}"):
        find_person(warehouse.client, warehouse.settings, Wanted(UUID))
    forget(warehouse, Wanted(UUID, home_page=HOME))
    homes = "SELECT DISTINCT actor_home_page FROM reporting.fct_video_views"
    assert warehouse.rows(homes) == [(OTHER,)]
    assert warehouse.events == [text(one).decode() for one in there]
    forget(warehouse, UUID)
    assert tables_with(warehouse, UUID) == []


USERS = b"""user_id,username,email,name,dump_id,time_last_dumped
7,ana,old@example.org,Ana Lopez,11111111-1111-4111-8111-111111111111,2026-01-01 00:00:00
7,ana,ana@example.org,Ana Lopez,22222222-2222-4222-8222-222222222222,2026-02-01 00:00:00
8,diana,diana@example.org,Diana,22222222-2222-4222-8222-222222222222,2026-02-01 00:00:00
"""
EXTERNAL_IDS = f"""external_user_id,external_id_type,username,user_id,dump_id,time_last_dumped
{UUID},xapi,ana,7,22222222-2222-4222-8222-222222222222,2026-02-01 00:00:00
{UUID.replace("5509", "5508")},xapi,diana,8,22222222-2222-4222-8222-222222222222,2026-02-01 00:00:00
""".encode()


@pytest.mark.parametrize(
    "wanted", [Wanted(username="ana"), Wanted(email="Ana@example.org"), Wanted(UUID)]
)
def test_profiles_tell_who_somebody_is(warehouse: Warehouse, wanted: Wanted) -> None:
    warehouse.ingest_dump(USERS, "user_profile")
    warehouse.ingest_dump(EXTERNAL_IDS, "external_id")
    warehouse.ingest_dump(b"username,org,role\nana,Org,staff\ndiana,Org,staff\n", "course_grants")
    actors = [
        account(UUID),
        {"mbox": "mailto:old@example.org"},
        {"mbox_sha1sum": SHA1},
        account("ana"),  # a name on another platform, perhaps: nobody says that it is hers
        account(UUID.replace("5509", "5508")),
    ]
    warehouse.ingest(lines(*(statement(n, actor=one) for n, one in enumerate(actors, start=1))))
    forget(warehouse, wanted)
    assert [json.loads(event)["actor"] for event in warehouse.events] == actors[3:]
    assert warehouse.rows("SELECT user_id FROM event_sink.user_profile") == [(8,)]
    assert warehouse.rows("SELECT user_id FROM event_sink.external_id") == [(8,)]
    assert warehouse.rows("SELECT username FROM access.course_grants") == [("diana",)]
    assert tables_with(warehouse, "old@example.org") == []


def test_a_username_without_a_profile(warehouse: Warehouse) -> None:
    with pytest.raises(LoaderError, match="No profile has the username ana: load the dumps"):
        find_person(warehouse.client, warehouse.settings, Wanted(username="ana"))


def test_where_others_mention_them_they_are_nobody(warehouse: Warehouse) -> None:
    ana = {"name": "Ana Lopez", "mbox": "mailto:ana@example.org"}
    bob = account("bob")
    grade = {"verb": {"id": "https://w3id.org/xapi/acrossx/verbs/evaluated"}}
    grade["object"] = {"id": BLOCK.format("problem")}
    told = [
        statement(1, actor=bob, context={"instructor": ana, "revision": "1.0"}),
        statement(2, actor=bob, context={"team": {"objectType": "Group", "member": [bob, ana]}}),
        statement(3, actor=bob, object=ana | {"objectType": "Agent"}),
        statement(4, actor={"objectType": "Group", "member": [ana, bob]}),
        statement(5, actor=bob, result={"response": "Ask ana@example.org, not diana@example.org"}),
        statement(6, actor=bob, **grade, result={"response": "ana@example.org[,]ana@example.org"}),
        statement(7, actor=bob, object={"id": f"{HOME}/find?q=ana%40example.org"}),
        statement(8, actor=bob, object={"id": f"{COURSE}/ana@example.org.uk"}),
    ]
    escaped = text(told[0]).replace(b"ana@example", rb"\u0061na\u0040example")
    content = lines(escaped, *told[1:])
    warehouse.ingest(content, "of ana@example.org.jsonl")
    dbt(warehouse.settings, "run")
    before = reports(warehouse)

    assert forget(warehouse, "ana@example.org") > 0

    for needle in ("Lopez", "mailto:ana@", " ana@example.org", "%40", "0061na"):
        assert tables_with(warehouse, needle) == []
    nobody = {"objectType": "Agent", "account": {"homePage": "urn:forgotten", "name": "forgotten"}}
    kept = [json.loads(event) for event in warehouse.events]
    assert kept[0] == told[0] | {"context": {"instructor": nobody, "revision": "1.0"}}
    assert kept[1]["context"]["team"]["member"] == [bob, nobody]
    assert kept[2]["object"] == nobody
    assert kept[3]["actor"]["member"] == [nobody, bob]
    assert kept[4]["result"]["response"] == "Ask forgotten, not diana@example.org"
    assert kept[5]["result"]["response"] == "forgotten[,]forgotten"
    assert kept[6]["object"]["id"] == f"{HOME}/find?q=forgotten"
    assert kept[7] == told[7]
    assert warehouse.value("SELECT source FROM xapi.loads").endswith("/of forgotten.jsonl")

    assert counted(warehouse.ingest(content, "again.jsonl"))[:2] == (0, len(told))

    def redacted(rows: Sequence[object]) -> list[str]:
        texts = (repr(row).replace("ana%40", "ana@") for row in rows)
        return sorted(re.sub(r"\bana@example\.org(?!\.uk)", "forgotten", one) for one in texts)

    for _ in range(2):
        after = reports(warehouse)
        for relation, rows in before.items():
            assert sorted(map(repr, after[relation])) == redacted(rows), relation
        dbt(warehouse.settings, "run")


def test_what_is_kept_by_an_object_that_names_them_is_kept_by_another(warehouse: Warehouse) -> None:
    """Its key cannot be changed in place: the next run of dbt makes the row anew."""
    video = f"{BLOCK.format('video')}?by=ana@example.org"
    played, paused = (
        one | {"object": one["object"] | {"id": video}} for one in acts(account("bob"), 1)[2:4]
    )
    warehouse.ingest(lines(played, paused))
    dbt(warehouse.settings, "run")
    forget(warehouse, "ana@example.org")
    dbt(warehouse.settings, "run")
    (view,) = records(warehouse.client, "fct_video_views")
    assert view["object_id"] == f"{BLOCK.format('video')}?by=forgotten"
    assert view["seconds_watched"] == 20


def test_rejected_lines_go_too(warehouse: Warehouse) -> None:
    warehouse.ingest(
        lines(
            statement(1, actor=account("1042")),
            statement(1, actor=account("1042"), result={"success": True}),
            statement(2, actor=account("1042"), verb={}),
            b'{"actor": {"account": {"homePage": "https://lms.example", "name": "1042"}, "ver',
            b'{"actor": {"account": {"homePage": "https://lms.example", "name": "10421"}, "ver',
            statement(3, actor=account("1042", OTHER), verb={}),
        )
    )
    assert len(warehouse.rejects) == 5
    forget(warehouse, Wanted("1042", home_page=HOME))
    assert [line for line, _, _ in warehouse.rejects] == [5, 6]


def test_a_file_loaded_again_brings_them_back(warehouse: Warehouse) -> None:
    content = lines(*acts(account("1042"), 1), *acts(account("7"), 51))
    for landed in (12, 6):
        assert counted(warehouse.ingest(content))[:2] == (landed, 12 - landed)
        dbt(warehouse.settings, "run")
        forget(warehouse, "1042")
        assert len(warehouse.events) == 6


def test_what_they_voided_of_others_stays_voided(warehouse: Warehouse) -> None:
    admin, bob = account(UUID), account("bob")
    wrong = statement(1, actor=bob)
    voiding = statement(
        2,
        actor=admin,
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": wrong["id"]},
    )
    warehouse.ingest(lines(wrong, voiding, *acts(bob, 51)[1:2]))
    dbt(warehouse.settings, "run")
    before = reports(warehouse)
    forget(warehouse, UUID)
    for options in ([], ["--full-refresh"]):
        dbt(warehouse.settings, "run", *options)
        assert reports(warehouse) == before


class _DiedError(Exception):
    pass


class _Dying(Erasure):
    """Dies after some of its changes."""

    changes = 0

    def _alter(self, *arguments: Any) -> None:
        if not self.changes:
            raise _DiedError
        self.changes -= 1
        super()._alter(*arguments)


def test_an_interrupted_removal_is_finished_by_the_next(warehouse: Warehouse) -> None:
    warehouse.ingest_dump(USERS, "user_profile")
    warehouse.ingest_dump(EXTERNAL_IDS, "external_id")
    warehouse.ingest(lines(*acts(account(UUID), 1), *acts(account("7"), 51)))
    dbt(warehouse.settings, "run")
    wanted = Wanted(username="ana")
    for changes in range(99):
        person = find_person(warehouse.client, warehouse.settings, wanted)
        dying = _Dying(warehouse.client, warehouse.settings, person)
        dying.changes = 1 if changes else 0
        try:
            dying.remove(dying.find())
        except _DiedError:
            continue
        break
    assert changes > 5
    for needle in (UUID, "old@example.org", "Lopez"):
        assert tables_with(warehouse, needle) == []
    assert len(warehouse.events) == 6


def test_every_table_with_an_actor_says_where_from(warehouse: Warehouse) -> None:
    """Otherwise a learner could not be found in it without others of the same name."""
    dbt(warehouse.settings, "run")
    columns = warehouse.rows(
        "SELECT database, table, groupArray(name) FROM system.columns "
        "WHERE database IN ('xapi', 'event_sink') OR database LIKE 'reporting%' GROUP BY ALL"
    )
    having = [(f"{one}.{two}", set(names)) for one, two, names in columns if "actor_id" in names]
    assert len(having) > 5
    assert [table for table, names in having if "actor_home_page" not in names] == []


def test_the_command(command: Command) -> None:
    content = lines(*acts(account("1042"), 1), *acts(account("7"), 51))
    command("ingest", "-", stdin=content)
    looked = command("forget", "1042", "--dry-run")
    assert (looked.returncode, looked.stderr) == (0, "")
    assert "  account 1042 at https://lms.example\n" in looked.stdout
    assert "xapi.xapi_events_all               6                       0\n" in looked.stdout
    asked = command("forget", "1042")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("Error: Nobody is there to be asked: say --yes, or --dry-run")
    done = command("forget", "1042", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "xapi.xapi_events_all            6         0\n" in done.stdout
    assert done.stdout.endswith("Next: `dbt run` brings the reports up to date.\n")
    again = command("forget", "1042", "--yes")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("Error: There is nothing of 1042 in any table (")
    told = json.loads(command("forget", "7", "--yes", "--json").stdout)
    assert (told["theirs"], told["mentioned"], told["left"]) == (12, 0, 0)
    assert json.loads(command("status", "--json").stdout)["statements"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say who it is: by ACTOR, by --username or by --email."),
        (["ana", "--email", "ana@example.org"], "Say who it is: by ACTOR, by --username or"),
        (["--email", "ana", "--yes"], "ana is no e-mail address."),
    ],
)
def test_wrong_usage(alone: Command, arguments: list[str], sentence: str) -> None:
    alone("init")
    done = alone("forget", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {sentence}")
