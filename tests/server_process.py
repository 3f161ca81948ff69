"""Run one ClickHouse server that ends when standard input closes; see `server.py`.

Nothing is imported from the project: this is started by its path.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import threading

# Listens until the reading of standard input comes to its end.
LISTEN = "SYSTEM START LISTEN HTTP; "
LISTEN_NATIVE = "SYSTEM START LISTEN TCP; "
SERVE = "SELECT * FROM file('/dev/stdin', 'LineAsString') FORMAT Null"


def run_library(path: str, options: list[str]) -> int:
    """Serve from the shared library: ClickHouse's own command line as one C function."""
    library = ctypes.CDLL(path)
    library.chdb_query_cmdline.restype = ctypes.c_void_p
    library.chdb_result_error.restype = ctypes.c_char_p
    library.chdb_result_error.argtypes = [ctypes.c_void_p]
    is_native = any(option.startswith("--tcp_port=") for option in options)
    query = f"{LISTEN}{LISTEN_NATIVE if is_native else ''}{SERVE}"
    words = ["clickhouse", *options, "--query", query]
    argv = (ctypes.c_char_p * len(words))(*(word.encode() for word in words))
    result = library.chdb_query_cmdline(len(words), argv)
    error = library.chdb_result_error(result) if result else b"no result"
    if error:
        print(error.decode(errors="replace"), file=sys.stderr)
    return 1 if error else 0


def run_program(command: list[str]) -> int:
    """Serve with the `clickhouse` program, which would outlive us: end it when we shall end."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def end_with_standard_input() -> None:
        sys.stdin.buffer.read()
        process.terminate()

    threading.Thread(target=end_with_standard_input, daemon=True).start()
    return process.wait()


if __name__ == "__main__":
    kind, first, *rest = sys.argv[1:]
    sys.exit(run_library(first, rest) if kind == "library" else run_program([first, *rest]))
