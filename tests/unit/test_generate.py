"""The generator: repeatable, exact in its counts, true to the shapes Open edX sends."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import re
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import zstandard

from loader.generate import GeneratedFiles, GeneratorOptions, generate

Statement = dict[str, Any]
Generated = tuple[GeneratedFiles, list[Statement]]

FAULTS: dict[str, Any] = {
    "duplicates": 0.02,
    "late": 0.05,
    "shuffled": 0.1,
    "voided": 0.02,
    "malformed": 0.03,
}
VIDEO = "https://w3id.org/xapi/video/"
COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"
USAGE_KEY = re.compile(r"(?:ccx-)?block-v1:[^/\"]+?\+type@[a-z_]+\+block@[0-9a-z]+")


def read_lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def read_table(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_word(iri: str) -> str:
    return iri.rsplit("/", 1)[1]


def verb_of(statement: Statement) -> str:
    return last_word(statement["verb"]["id"])


def type_of(statement: Statement) -> str:
    return last_word(statement["object"].get("definition", {}).get("type", "/"))


def time_of(statement: Statement) -> datetime.datetime:
    return datetime.datetime.fromisoformat(statement["timestamp"])


def course_of(statement: Statement) -> str:
    activities = statement["context"].get("contextActivities")
    if activities is None:
        return str(statement["object"]["id"])
    course = activities["parent"][0]
    if course["definition"]["type"] != COURSE_TYPE:
        course = activities["grouping"][0]
    return str(course["id"])


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """20,000 statements without faults."""
    files = generate(tmp_path_factory.mktemp("platform"), GeneratorOptions(statements=20_000))
    return files, [json.loads(line) for line in read_lines(files.statements_path)]


def test_same_options_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    options = GeneratorOptions(statements=600, **FAULTS)
    first = generate(tmp_path / "first", options)
    again = generate(tmp_path / "again", options)
    other = generate(tmp_path / "other", GeneratorOptions(statements=600, seed=2, **FAULTS))
    assert [one.name for one in first.paths] == [one.name for one in again.paths]
    for one, two in zip(first.paths, again.paths, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    assert first.statements_path.read_bytes() != other.statements_path.read_bytes()


@pytest.mark.parametrize("statements", [1, 2, 10, 100, 1_234])
def test_exactly_as_many_statements_as_asked_for(tmp_path: Path, statements: int) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=statements))
    lines = read_lines(files.statements_path)
    assert len(lines) == files.lines == files.statements == statements
    assert verb_of(json.loads(lines[0])) == "registered"


@pytest.mark.parametrize(
    ("learners", "days", "statements"), [(1, 120, 3_000), (1, 1, 400), (4, 1, 1_500), (300, 7, 300)]
)
def test_exact_in_tight_periods_too(
    tmp_path: Path, learners: int, days: int, statements: int
) -> None:
    until = datetime.date(2026, 2, 28)
    options = GeneratorOptions(statements=statements, learners=learners, days=days, until=until)
    files = generate(tmp_path, options)
    lines = [json.loads(line) for line in read_lines(files.statements_path)]
    assert len({line["id"] for line in lines}) == statements
    assert {time_of(line).date() for line in lines} <= {
        until - datetime.timedelta(days=day) for day in range(days)
    }


@pytest.mark.parametrize("year", [2020, 2027])
def test_courses_are_called_the_same_in_every_year(tmp_path: Path, year: int) -> None:
    generate(tmp_path, GeneratorOptions(statements=100, until=datetime.date(year, 1, 1)))
    keys = {row["course_key"] for row in read_table(tmp_path, "course_overviews")}
    assert "course-v1:NorthU+STAT101+2026_T1" in keys


def test_impossible_options_are_refused() -> None:
    with pytest.raises(ValueError, match="1 learners cannot make 10000 statements in 2 days"):
        GeneratorOptions(statements=10_000, learners=1, days=2)
    with pytest.raises(ValueError, match="statements must be at least 1"):
        GeneratorOptions(statements=0)
    with pytest.raises(ValueError, match="late is a share"):
        GeneratorOptions(late=1.5)


def test_progress_ends_with_the_number_of_statements(tmp_path: Path) -> None:
    seen: list[int] = []
    generate(tmp_path, GeneratorOptions(statements=500, days=30), seen.append)
    assert len(seen) == 30
    assert seen == sorted(seen)
    assert seen[-1] == 500


def test_statements_are_complete_unique_and_in_time_order(platform: Generated) -> None:
    _, statements = platform
    assert len({one["id"] for one in statements}) == len(statements) == 20_000
    times = [time_of(one) for one in statements]
    assert times == sorted(times)
    assert times[0].date() >= datetime.date(2026, 7, 4)
    assert times[-1].date() <= datetime.date(2026, 10, 31)
    members = {"id", "version", "actor", "verb", "object", "timestamp", "context"}
    assert {frozenset(one) - {"result"} for one in statements} == {frozenset(members)}
    assert {one["version"] for one in statements} == {"1.0.3"}
    extensions = [set(one["context"]["extensions"]) for one in statements]
    openedx = "https://w3id.org/xapi/openedx/"
    assert set.intersection(*extensions) == {
        f"{openedx}extension/transformer-version",
        f"{openedx}extensions/session-id",
    }
    assert any("." not in one["timestamp"] for one in statements)


def test_ids_follow_the_rule_of_open_edx(platform: Generated) -> None:
    parts = 0
    for one in platform[1]:
        verb = f'{{"id": "{one["verb"]["id"]}", "display": {{"en": "{verb_of(one)}"}}}}'
        if "statement" in one["context"]:
            parts += 1
            verb += "-" + one["object"]["id"].rsplit("@", 1)[1]
        space = uuid.uuid5(uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), verb)
        name = f"{json.dumps(one['actor'])}-{one['timestamp']}"
        assert one["id"] == str(uuid.uuid5(space, name))
    assert parts > 100


def test_every_kind_of_statement_is_there(platform: Generated) -> None:
    kinds = {(verb_of(one), type_of(one), "result" in one) for one in platform[1]}
    video = {"initialized": False, "played": True, "paused": True, "seeked": True}
    video |= {"interacted": True, "completed": True, "terminated": True}
    exams = ("timed-assessment", "practice-assessment", "proctored-assessment")
    forum = ("posted", "edited", "viewed", "deleted", "voted", "reported", "unreported")
    assert kinds == {
        *((verb, "course", False) for verb in ("registered", "unregistered", "passed", "failed")),
        ("earned", "resource", True),
        ("earned", "course", True),
        ("attempted", "question", True),
        ("attempted", "cmi.interaction", False),
        ("evaluated", "cmi.interaction", True),
        ("asked", "solution", False),
        ("asked", "supplemental-info", False),
        ("completed", "cmi.interaction", False),
        ("progressed", "resource", True),
        *((verb, "video", result) for verb, result in video.items()),
        *(("navigated", kind, False) for kind in ("resource", "module", "link")),
        *((verb, "discussion", False) for verb in forum),
        *((verb, exam, False) for verb in ("initialized", "terminated") for exam in exams),
    }


def test_forum_acts_on_threads_and_replies(platform: Generated) -> None:
    forum = [one for one in platform[1] if type_of(one) == "discussion"]
    acts = {(verb_of(one), "grouping" in one["context"]["contextActivities"]) for one in forum}
    both = ("posted", "edited", "deleted", "voted", "reported", "unreported")
    assert acts == {("viewed", False), *((verb, reply) for verb in both for reply in (True, False))}


def test_the_mix_is_that_of_a_teaching_platform(platform: Generated) -> None:
    def subject(one: Statement) -> str:
        kind = type_of(one)
        return kind if kind in ("video", "discussion") else verb_of(one)

    shares = Counter(map(subject, platform[1]))
    assert 0.28 < shares["video"] / 20_000 < 0.45
    assert 0.14 < shares["navigated"] / 20_000 < 0.26
    assert 0.08 < shares["progressed"] / 20_000 < 0.14
    assert 0.01 < shares["registered"] / 20_000 < 0.03
    assert 0.01 < shares["discussion"] / 20_000 < 0.03


def test_learners_enrol_before_they_act(platform: Generated) -> None:
    enrolled = set()
    for one in platform[1]:
        place = (json.dumps(one["actor"]), course_of(one))
        if verb_of(one) == "registered":
            enrolled.add(place)
        assert place in enrolled, one
    assert len({actor for actor, _ in enrolled}) > 100


def test_enrolments_and_passes_have_no_course_in_their_context(platform: Generated) -> None:
    without = {verb_of(one) for one in platform[1] if "contextActivities" not in one["context"]}
    assert without == {"registered", "unregistered", "passed", "failed"}


def test_actors_are_named_in_all_four_ways(platform: Generated) -> None:
    _, statements = platform
    named = {json.dumps(one["actor"]): set(one["actor"]) - {"objectType"} for one in statements}
    kinds = Counter(kind for inner in named.values() for kind in inner)
    assert set(kinds) == {"account", "mbox", "mbox_sha1sum", "openid"}
    assert all(len(inner) == 1 for inner in named.values())
    assert kinds["account"] > 0.9 * len(named)


@dataclass
class Playback:
    """What is known of a learner's player between two of its statements."""

    since: datetime.datetime
    position: float = 0.0
    speed: float = 1.0
    playing: bool = False

    def position_at(self, now: datetime.datetime) -> float:
        seconds = (now - self.since).total_seconds()
        return self.position + (seconds * self.speed if self.playing else 0.0)


def test_playing_videos_keeps_pace_with_the_clock(platform: Generated) -> None:
    players: dict[tuple[str, str], Playback] = {}
    compared: Counter[str] = Counter()
    for one in platform[1]:
        if type_of(one) != "video":
            continue
        key = (json.dumps(one["actor"]), one["object"]["id"])
        length = one["context"]["extensions"][f"{VIDEO}extensions/length"]
        assert 60 <= length <= 1500
        verb, now = verb_of(one), time_of(one)
        if verb == "initialized":
            players[key] = Playback(now)
            continue
        player = players[key]
        told = one["result"]["extensions"]
        start = told.get(f"{VIDEO}extensions/time", told.get(f"{VIDEO}extensions/time-from"))
        if start is not None:
            assert 0 <= start <= length
            assert start == round(start, 3)
        if player.playing and start is not None:
            # After a jump the picture takes a moment to come back before play is reported.
            slack = 0.81 if verb == "played" else 0.01
            assert start == pytest.approx(min(player.position_at(now), length), abs=slack)
            compared[verb] += 1
        new_speed = told.get("https://w3id.org/xapi/openedx/extension/speed-to")
        moved = player.position_at(now) if start is None else start
        player.position = told.get(f"{VIDEO}extensions/time-to", moved)
        player.since = now
        player.speed = float(new_speed[:-1]) if new_speed else player.speed
        if verb in ("played", "paused", "completed", "terminated"):
            player.playing = verb == "played"
    assert min(compared[verb] for verb in ("paused", "seeked", "completed", "interacted")) > 30


def test_navigation_comes_in_the_older_and_the_newer_style(platform: Generated) -> None:
    kinds = set()
    targets = set()
    for one in platform[1]:
        if verb_of(one) == "navigated" and type_of(one) == "resource":
            kinds.add(one["object"]["id"].split("+type@")[1].split("+")[0])
            extensions = one["context"]["extensions"]
            end = extensions["http://id.tincanapi.com/extension/ending-point"]
            tabs = one["object"]["definition"]["extensions"]
            start = extensions["http://id.tincanapi.com/extension/starting-position"]
            assert 1 <= start <= tabs["https://w3id.org/xapi/acrossx/extensions/total-items"]
            targets.add(end if isinstance(end, str) else "tab")
    assert kinds == {"sequential", "vertical"}
    assert targets == {"next unit", "previous unit", "tab"}


def test_problems_of_several_parts_make_a_statement_each(platform: Generated) -> None:
    groups = {
        one["id"]: one for one in platform[1] if one["object"]["objectType"] == "GroupActivity"
    }
    parts: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in platform[1]:
        if "statement" in one["context"]:
            parts[one["context"]["statement"]["id"]].append(one)
    assert set(parts) == set(groups)
    for group_id, group in groups.items():
        key = group["object"]["id"].rsplit("@", 1)[1]
        given = parts[group_id]
        assert 2 <= len(given) <= 4
        for number, part in enumerate(given, start=2):
            assert part["object"]["id"].endswith(f"+type@problem+block@{key}_{number}_1")
            assert part["timestamp"] == group["timestamp"]
            assert part["context"]["statement"]["objectType"] == "StatementRef"
            activities = part["context"]["contextActivities"]
            assert activities["parent"] == [group["object"]]
            assert activities["grouping"] == group["context"]["contextActivities"]["parent"]
            assert set(part["result"]) == {"success", "response"}
        right = [part["result"]["success"] for part in given]
        score = group["result"]["score"]
        assert group["result"]["success"] == all(right)
        assert score["scaled"] == pytest.approx(sum(right) / len(right), abs=0.26)
        assert group["object"]["definition"]["interactionType"] == "other"


def test_exam_attempts_begin_and_end_as_one(platform: Generated) -> None:
    attempts: defaultdict[str, list[str]] = defaultdict(list)
    for one in platform[1]:
        if type_of(one).endswith("-assessment"):
            (attempt,) = one["context"]["contextActivities"]["grouping"]
            assert attempt["definition"]["type"] == "http://adlnet.gov/expapi/activities/attempt"
            attempts[attempt["id"]].append(verb_of(one))
    assert set(map(tuple, attempts.values())) == {("initialized",), ("initialized", "terminated")}


def test_dumps_know_every_block_course_and_person(platform: Generated) -> None:
    files, statements = platform
    out = files.statements_path.parent
    blocks = {row["location"] for row in read_table(out, "course_blocks")}
    courses = {row["course_key"] for row in read_table(out, "course_overviews")}
    users = {row["email"] for row in read_table(out, "user_profile")}
    accounts = {row["external_user_id"] for row in read_table(out, "external_id")}
    used: set[str] = set()
    for one in statements:
        used.update(USAGE_KEY.findall(one["object"]["id"]))
        assert course_of(one).rsplit("/", 1)[1] in courses
        actor = one["actor"]
        assert actor.get("mbox", "mailto:").removeprefix("mailto:") in {"", *users}
        assert "account" not in actor or actor["account"]["name"] in accounts
    assert len(used) > 300
    assert used <= blocks
    tagged = {row["object_id"] for row in read_table(out, "object_tag")}
    assert tagged <= blocks | courses
    assert tagged & blocks
    assert tagged & courses
    assert all(re.search(r"@(example\.com|school\.invalid)$", email) for email in users)


def test_the_latest_dump_differs_from_the_one_before(platform: Generated) -> None:
    out = platform[0].statements_path.parent
    dumps: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in read_table(out, "course_blocks"):
        dumps[row["course_key"]][row["time_last_dumped"]].add(row["location"])
    twice = {course: dump for course, dump in dumps.items() if len(dump) == 2}
    assert twice
    assert len(twice) < len(dumps)
    for dump in twice.values():
        earlier, latest = (dump[time] for time in sorted(dump))
        assert latest < earlier
        assert len(earlier - latest) == 1
    names = defaultdict(set)
    for row in read_table(out, "course_overviews"):
        names[row["course_key"]].add(row["display_name"])
    assert max(map(len, names.values())) == 2


def test_blocks_are_numbered_in_course_order(platform: Generated) -> None:
    out = platform[0].statements_path.parent
    dumps: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read_table(out, "course_blocks"):
        dumps[row["dump_id"]].append(row)
    for rows in dumps.values():
        assert [int(row["order"]) for row in rows] == list(range(1, len(rows) + 1))
        assert 100 < len(rows) < 500
        section = subsection = unit = 0
        for row in rows:
            block = json.loads(row["xblock_data_json"])
            if block["detached"]:
                continue
            if block["block_type"] == "chapter":
                section, subsection, unit = section + 1, 0, 0
            elif block["block_type"] == "sequential":
                subsection, unit = subsection + 1, 0
            elif block["block_type"] == "vertical":
                unit += 1
            assert (block["section"], block["subsection"], block["unit"]) == (
                section,
                subsection,
                unit,
            )
            assert f"+type@{block['block_type']}+block@" in row["location"]


def test_every_fifth_course_is_a_ccx(tmp_path: Path) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=4_000, courses=6))
    keys = {row["course_key"] for row in read_table(tmp_path, "course_overviews")}
    (ccx,) = (key for key in keys if key.startswith("ccx-v1:"))
    assert re.fullmatch(r"ccx-v1:[^+]+\+[^+]+\+[^+]+\+ccx@\d+", ccx)
    assert ccx.split("+ccx@")[0].replace("ccx-v1:", "course-v1:") in keys
    assert len(keys) == files.courses == 6
    text = files.statements_path.read_text()
    assert f"/xblock/{ccx.replace('ccx-v1:', 'ccx-block-v1:')}+type@" in text


@pytest.mark.parametrize("compress", ["gzip", "zstd"])
def test_compressed_files_hold_the_same_lines(tmp_path: Path, compress: Any) -> None:
    plain = generate(tmp_path / "plain", GeneratorOptions(statements=800))
    packed = generate(tmp_path / "packed", GeneratorOptions(statements=800, compress=compress))
    content = packed.statements_path.read_bytes()
    if compress == "gzip":
        assert packed.statements_path.name == "statements.jsonl.gz"
        content = gzip.decompress(content)
    else:
        assert packed.statements_path.name == "statements.jsonl.zst"
        content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    assert content == plain.statements_path.read_bytes()


def is_statement(line: bytes) -> bool:
    """Return whether a line is a statement by the rules the bad lines break."""
    try:
        one = json.loads(line)
    except ValueError:
        return False
    if not isinstance(one, dict):
        return False
    try:
        uuid.UUID(one["id"])
        datetime.datetime.fromisoformat(one["timestamp"])
        named = set(one["actor"]) & {"account", "mbox", "mbox_sha1sum", "openid"}
        if "account" in named:
            named.add(one["actor"]["account"]["name"])
            named.discard("account")
        if one["object"].get("objectType") == "StatementRef":
            uuid.UUID(one["object"]["id"])
        mail = one["actor"].get("mbox", "mailto:")
        sound = len(named) == 1 and mail.startswith("mailto:")
        return sound and ":" in one["verb"]["id"] and bool(one["object"]["id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def test_faults_add_and_move_lines_and_leave_the_statements_alone(tmp_path: Path) -> None:
    plain = generate(tmp_path / "plain", GeneratorOptions(statements=3_000))
    files = generate(tmp_path / "faulty", GeneratorOptions(statements=3_000, **FAULTS))
    lines = read_lines(files.statements_path)
    good = [line for line in lines if is_statement(line)]
    assert len(lines) == files.lines
    assert len(lines) - len(good) == files.malformed
    assert sum(files.malformed_by_kind.values()) == files.malformed
    assert files.lines == 3_000 + files.duplicates + files.voided + files.malformed
    voiding = [line for line in good if b'"http://adlnet.gov/expapi/verbs/voided"' in line]
    rest = [line for line in good if line not in set(voiding)]
    assert len(voiding) == files.voided
    assert len(rest) - len(set(rest)) == files.duplicates
    assert set(rest) == set(read_lines(plain.statements_path))
    assert files.malformed == pytest.approx(90, abs=3)
    assert files.voided == files.duplicates == pytest.approx(60, abs=3)
    assert files.late == pytest.approx(150, abs=3)
    assert files.shuffled == pytest.approx(300, rel=0.1)


def test_bad_lines_come_in_many_kinds_all_of_them_bad(tmp_path: Path) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=300, malformed=0.5))
    bad = [line for line in read_lines(files.statements_path) if not is_statement(line)]
    assert len(bad) == files.malformed == pytest.approx(150, abs=2)
    assert {"truncated", "two_identifiers", "bad_id", "bad_timestamp"} <= set(
        files.malformed_by_kind
    )
    assert len(files.malformed_by_kind) > 25


def test_voiding_statements_name_statements_and_some_come_first(tmp_path: Path) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=3_000, voided=0.05))
    places: dict[str, int] = {}
    targets: dict[str, int] = {}
    for place, line in enumerate(read_lines(files.statements_path)):
        one = json.loads(line)
        places[one["id"]] = place
        if verb_of(one) == "voided":
            assert one["object"]["objectType"] == "StatementRef"
            targets[one["object"]["id"]] = place
    assert len(places) == files.lines
    assert len(targets) == files.voided == pytest.approx(150, abs=2)
    ahead = sum(place < places[target] for target, place in targets.items())
    assert 0 < ahead == files.voided_ahead < files.voided / 3


def test_late_statements_stand_days_behind_their_time(tmp_path: Path) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=5_000, late=0.04))
    latest = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    late = 0
    for line in read_lines(files.statements_path):
        now = time_of(json.loads(line))
        late += latest - now > datetime.timedelta(hours=20)
        assert latest - now <= datetime.timedelta(days=31)
        latest = max(latest, now)
    assert late == pytest.approx(files.late, rel=0.1)
    assert files.late == pytest.approx(200, abs=2)


def test_shuffling_displaces_lines_locally(tmp_path: Path) -> None:
    files = generate(tmp_path, GeneratorOptions(statements=6_000, shuffled=1.0))
    times = [time_of(json.loads(line)) for line in read_lines(files.statements_path)]
    place_in_time = {time: place for place, time in enumerate(sorted(times))}
    moved = [abs(place_in_time[time] - place) for place, time in enumerate(times)]
    assert max(moved) <= 4_500
    assert sum(moved) / len(moved) > 300
    assert sum(one > two for one, two in pairwise(times)) > 2_000
