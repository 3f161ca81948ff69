"""In which order lines arrive: late, displaced, repeated, voided, and bad ones among them."""

from __future__ import annotations

import heapq
from collections import Counter

from loader.generate.chance import Share, below, between, source
from loader.generate.compose import DAY
from loader.generate.faults import (
    choose_kind,
    id_of,
    malformed_line,
    voiding_moment,
    voiding_statement,
)
from loader.generate.options import GeneratorOptions
from loader.generate.writer import LineWriter

SHUFFLE_WINDOW = 4_000
LONGEST_DELAY_DAYS = 30.0
MEAN_LATE_DAYS = 4.0
VOIDED_AHEAD_SHARE = 0.1


class Arrivals:
    """Passes statements on to the writer in the order they arrive at the warehouse.

    A line held back waits either for a number of statements to pass or for a time to come
    (that of the statements passing). Only lines held back are kept in memory.
    """

    def __init__(self, options: GeneratorOptions, writer: LineWriter, end: int) -> None:
        self.writer = writer
        self.end = end
        self.rng = source(options.seed, "arrivals")
        self.duplicates = Share(options.duplicates, self.rng)
        self.late = Share(options.late, self.rng)
        self.shuffled = Share(options.shuffled, self.rng)
        self.voided = Share(options.voided, self.rng)
        self.malformed = Share(options.malformed, self.rng)
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.by_place: list[tuple[int, int, str]] = []
        self.by_time: list[tuple[int, int, str]] = []
        self.held = 0
        self.passed = 0
        self.undisturbed = not any(
            (options.duplicates, options.late, options.shuffled, options.voided, options.malformed)
        )

    def arrive(self, moment: int, line: str) -> None:
        """Take the next statement in the order of time."""
        if self.undisturbed:
            self.writer.write(line)
            return
        self.passed += 1
        if self.malformed.take():
            kind = choose_kind(self.rng, self.counts["malformed"])
            self.counts["malformed"] += 1
            self.kinds[kind] += 1
            self.writer.write(malformed_line(kind, line, self.rng))
        if self.duplicates.take():
            self.counts["duplicates"] += 1
            self._hold_for_statements(line, self._distance())
        held_back = self.voided.take() and self._void(moment, line)
        if self.late.take(not held_back and moment < self.end - 2.5 * DAY):
            self.counts["late"] += 1
            self._hold_until(moment + self._delay(moment), line)
        elif self.shuffled.take(not held_back):
            self.counts["shuffled"] += 1
            self._hold_for_statements(line, 1 + below(self.rng, SHUFFLE_WINDOW))
        elif not held_back:
            self.writer.write(line)
        self._release(moment)

    def finish(self) -> None:
        """Write what is still held back."""
        for waiting in (self.by_place, self.by_time):
            while waiting:
                self.writer.write(heapq.heappop(waiting)[2])

    def _release(self, moment: int) -> None:
        for waiting, now in ((self.by_place, self.passed), (self.by_time, moment)):
            while waiting and waiting[0][0] <= now:
                self.writer.write(heapq.heappop(waiting)[2])

    def _void(self, moment: int, line: str) -> bool:
        """Add the statement that voids this one; return whether this one is to come after it."""
        number = self.counts["voided"]
        self.counts["voided"] += 1
        time = voiding_moment(self.rng, moment, number)
        voiding = voiding_statement(id_of(line), time)
        if self.rng.random() >= VOIDED_AHEAD_SHARE and number:
            self._hold_until(time, voiding)
            return False
        self.counts["voided_ahead"] += 1
        self.writer.write(voiding)
        self._hold_for_statements(line, 1 + below(self.rng, SHUFFLE_WINDOW // 4))
        return True

    def _distance(self) -> int:
        """Return how far behind a repeated line stands: mostly close, at times far."""
        if self.rng.random() < 0.3:
            return 1 + below(self.rng, 20)
        return 1 + below(self.rng, 50_000)

    def _delay(self, moment: int) -> int:
        """Return a delay of one day to a month, ending a day before the period does."""
        longest = min(LONGEST_DELAY_DAYS, (self.end - moment) / DAY - 1.0)
        days = 1.0 + self.rng.random() ** 3 * MEAN_LATE_DAYS * 4.0
        if self.rng.random() < 0.1:
            days = between(self.rng, 1.0, LONGEST_DELAY_DAYS)
        return int(min(days, longest) * DAY)

    def _hold_for_statements(self, line: str, distance: int) -> None:
        self.held += 1
        heapq.heappush(self.by_place, (self.passed + distance, self.held, line))

    def _hold_until(self, moment: int, line: str) -> None:
        self.held += 1
        heapq.heappush(self.by_time, (moment, self.held, line))
