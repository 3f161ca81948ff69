"""What was watched of a video, second by second (docs/definitions.md, "Videos")."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from tests.oracle.course_blocks import dim_course_blocks
from tests.oracle.courses import Dump
from tests.oracle.engagement import Content, current_items, engagement, subsection_of
from tests.oracle.statements import (
    ADL_VERB,
    Landed,
    LearnerCourse,
    Live,
    Row,
    at,
    block_and_part,
    by_learner_and_course,
    number,
)

VIDEO = "https://w3id.org/xapi/video/"
PLAYED = VIDEO + "verbs/played"
COMPLETED = ADL_VERB + "completed"
INITIALIZED = ADL_VERB + "initialized"
VIDEO_VERBS = {
    PLAYED,
    VIDEO + "verbs/paused",
    VIDEO + "verbs/seeked",
    COMPLETED,
    INITIALIZED,
    ADL_VERB + "terminated",
    ADL_VERB + "interacted",
}

# No video is longer than a day; a position beyond is a mistake and would fill millions of rows.
LONGEST_VIDEO = 86_400

VideoOfLearner = tuple[LearnerCourse, str]


@dataclass(frozen=True)
class VideoRule:
    """The choices in the rule. The reference is ('last', 'inclusive', False, 'up')."""

    end_rule: Literal["next", "last"] = "next"
    second_rule: Literal["half_open", "inclusive"] = "half_open"
    wall_clock_check: bool = True
    rounding: Literal["nearest", "up"] = "nearest"

    def round(self, seconds: float) -> int:
        return math.ceil(seconds) if self.rounding == "up" else nearest(seconds)


PUBLISHED = VideoRule()


@dataclass(frozen=True)
class Moment:
    """A video event at a position in whole seconds; start is where a play begins."""

    emission_time: datetime
    is_play: bool
    position: int
    start: int


def nearest(seconds: float) -> int:
    return math.floor(seconds + 0.5)


def fct_video_segments(landed: Iterable[Landed], rule: VideoRule = PUBLISHED) -> list[Row]:
    """One row per learner, video and watched second."""
    return [
        asdict(grain) | {"object_id": object_id, "watched_second": second, "times_watched": times}
        for (grain, object_id), statements in video_statements(landed).items()
        for second, times in sorted(times_watched(statements, rule).items())
    ]


def fct_video_views(landed: Iterable[Landed], rule: VideoRule = PUBLISHED) -> list[Row]:
    """One row per learner and video played at least once."""
    return [
        asdict(grain) | {"object_id": object_id} | view_of(statements, rule)
        for (grain, object_id), statements in video_statements(landed).items()
        if any(one.verb_id == PLAYED for one in statements)
    ]


def fct_video_engagement(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per learner and section or subsection with a video played."""
    history = list(landed)
    videos = current_items(dim_course_blocks(history, course_blocks), "video")
    places = {(video["course_key"], video["block_id"]): subsection_of(video) for video in videos}
    viewed: dict[tuple[LearnerCourse, Content], set[str]] = defaultdict(set)
    for (grain, _), statements in video_statements(history).items():
        block_id, _ = block_and_part(statements[0].statement)
        place = places.get((grain.course_key, block_id))
        if place and any(one.verb_id == PLAYED for one in statements):
            viewed[grain, place].add(block_id)
    done = {key: len(blocks) for key, blocks in viewed.items()}
    return engagement(videos, done, "videos_viewed")


def video_statements(landed: Iterable[Landed]) -> dict[VideoOfLearner, list[Live]]:
    """Each learner's statements about each video, in order of (emission_time, event_id)."""
    videos: dict[VideoOfLearner, list[Live]] = defaultdict(list)
    for grain, statements in by_learner_and_course(landed).items():
        for one in statements:
            if is_about_video(one):
                videos[grain, one.object_id].append(one)
    return videos


def is_about_video(one: Live) -> bool:
    activity_type = at(one.statement, "object", "definition", "type")
    is_video = activity_type == VIDEO + "activity-type/video"
    return (
        one.verb_id in VIDEO_VERBS
        and one.object_id != ""
        and (is_video or "type@video+block@" in one.object_id)
    )


def view_of(statements: list[Live], rule: VideoRule) -> Row:
    """The view by one learner's statements about one video."""
    lengths = [length for one in statements if (length := length_of(one)) is not None]
    length = lengths[-1] if lengths else None
    times = times_watched(statements, rule)
    share = min(1.0, len(times) / nearest(length)) if length and nearest(length) else None
    positions = [moment.position for moment in moments(statements, rule)]
    viewed_at = [one.emission_time for one in statements if one.verb_id != INITIALIZED]
    return {
        "video_length": length,
        "plays": sum(one.verb_id == PLAYED for one in statements),
        "seconds_watched": len(times),
        "seconds_watched_total": sum(times.values()),
        "seconds_rewatched": sum(count >= 2 for count in times.values()),
        "share_watched": share,
        "is_watched_entirely": share is not None and share >= 0.95,
        "last_position": positions[-1] if positions else None,
        "first_viewed_at": viewed_at[0],
        "last_viewed_at": viewed_at[-1],
    }


def times_watched(statements: list[Live], rule: VideoRule) -> Counter[int]:
    """How often each second was watched: second n is the playback from n - 1 to n."""
    events = moments(statements, rule)
    times: Counter[int] = Counter()
    for index, play in enumerate(events):
        end = end_of_play(events[index + 1 :], rule) if play.is_play else None
        if end is None or end.position <= play.start:
            continue
        last = end.position
        if rule.wall_clock_check:
            last = min(last, play.start + most_seconds(end.emission_time - play.emission_time))
        # The reference counts the second a stretch starts in, and knows no second 0.
        first = play.start + 1 if rule.second_rule == "half_open" else max(play.start, 1)
        times.update(range(first, last + 1))
    return times


def moments(statements: list[Live], rule: VideoRule) -> list[Moment]:
    """The events that tell a position, in order: of two at one time, a play comes last."""
    found = []
    in_order = sorted(statements, key=lambda s: (s.emission_time, s.verb_id == PLAYED, s.event_id))
    for one in in_order:
        seconds = position_of(one)
        if seconds is None or one.verb_id == INITIALIZED:
            continue
        position, length = rule.round(seconds), length_of(one)
        is_at_the_end = length is not None and position == rule.round(length)
        starts_over = 0 if rule.second_rule == "half_open" else 1
        start = starts_over if is_at_the_end else position
        found.append(Moment(one.emission_time, one.verb_id == PLAYED, position, start))
    return found


def end_of_play(later: list[Moment], rule: VideoRule) -> Moment | None:
    """The event that ends a play: the next one, or the last one before the next play."""
    if rule.end_rule == "next":
        return later[0] if later else None
    end = None
    for moment in later:
        if moment.is_play:
            break
        end = moment
    return end


def most_seconds(elapsed: timedelta) -> int:
    """As much of a video as can be watched meanwhile: double speed and five seconds more."""
    return (2 * elapsed + timedelta(seconds=5)) // timedelta(seconds=1)


def position_of(one: Live) -> float | None:
    """The position in seconds that a statement reports; a completion is at the end."""
    reported = at(one.statement, "result", "extensions")
    for extension in ("time", "time-from"):
        seconds = number(at(reported, VIDEO + "extensions/" + extension))
        if seconds is not None and 0 <= seconds <= LONGEST_VIDEO:
            return seconds
    length = length_of(one) if one.verb_id == COMPLETED else None
    return length if length is not None and length <= LONGEST_VIDEO else None


def length_of(one: Live) -> float | None:
    """The length of the video in seconds that a statement reports."""
    length = number(at(one.statement, "context", "extensions", VIDEO + "extensions/length"))
    return length if length is not None and length > 0 else None
