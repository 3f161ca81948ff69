"""Run one statement on the embedded warehouse; print its answer, and last its seconds."""

from __future__ import annotations

import sys
import time

from loader.engine import connect
from loader.settings import load_settings


def main() -> None:
    """The statement is the only argument, the warehouse is in the environment."""
    client = connect(load_settings())
    begun = time.perf_counter()
    answer = client.command(sys.argv[1])
    seconds = time.perf_counter() - begun
    print(answer)
    print(seconds)


if __name__ == "__main__":
    main()
