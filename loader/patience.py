"""How long to wait for a server that cannot answer now, and when to give up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

# What a server of HTTP answers that is too busy, or fails, and may not a little later.
PASSING_STATUS = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """Attempts for each request, with pauses that double and are never quite the same."""

    attempts: int = 8
    first_pause: float = 1.0  # seconds
    longest_pause: float = 60.0  # seconds, unless the server asks for more
    longest_asked: float = 3600.0  # seconds; whoever asks for more is not waited for
    read_timeout: float = 120.0  # seconds without a byte
    sleep: Callable[[float], None] = time.sleep

    def pause(self, attempt: int, asked: float | None) -> float | None:
        """Seconds until the next attempt after the `attempt`th; None: give up.

        `asked` is what the server asks for. Several clients that were refused together must
        not come back together, so a random part is added.
        """
        if attempt >= self.attempts or (asked or 0) > self.longest_asked:
            return None
        usual = min(self.first_pause * 2 ** (attempt - 1), self.longest_pause)
        spread: float = random.uniform(0, usual / 2)  # noqa: S311  # no secret
        return usual / 2 + spread if asked is None else asked + spread

    def waits(
        self, attempt: int, what: str, tell: Callable[[str], None], asked: float | None = None
    ) -> bool:
        """Wait for the next attempt after the `attempt`th; False, at once: give up.

        `tell` gets a sentence before, which begins with `what`, as in "The LRS answers 503".
        """
        pause = self.pause(attempt, asked)
        if pause is None:
            return False
        tell(f"{what}: waiting {pause:.1f} s (attempt {attempt} of {self.attempts}).")
        self.sleep(pause)
        return True


def asked_pause(retry_after: str | None) -> float | None:
    """Seconds that a header Retry-After asks for, in either of its forms (RFC 9110, 10.2.3)."""
    if not retry_after:
        return None
    try:
        return Retry().parse_retry_after(retry_after)
    except InvalidHeader:
        return None
