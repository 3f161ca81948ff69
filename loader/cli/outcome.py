"""How a command ends: an exit code, and one sentence when something is wrong."""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

import typer

from loader.errors import LoaderError, UsageError
from loader.secrets import without_secrets

FAILED = 1
WRONG_USAGE = 2
WITH_REJECTS = 3
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM

P = ParamSpec("P")
T = TypeVar("T")


class Debugging:
    """Whether `--debug` was given."""

    wanted = False


def in_plain_words(when_stopped: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a command: failures become one sentence on stderr and an exit code.

    `when_stopped` says what Ctrl-C leaves behind.
    """

    def decorate(command: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            signal.signal(signal.SIGINT, _Stop(KeyboardInterrupt))
            signal.signal(signal.SIGTERM, _Stop(_TerminatedError))
            try:
                result = command(*args, **kwargs)
                sys.stdout.flush()
            except (typer.Exit, typer.Abort):
                raise
            except KeyboardInterrupt:
                sentence = f"Stopped. {when_stopped}".rstrip()
                typer.echo(f"\n{sentence}", err=True)
                _tell_machine(kwargs, sentence)
                raise typer.Exit(INTERRUPTED) from None
            except _TerminatedError:
                raise typer.Exit(TERMINATED) from None
            except Exception as error:
                code = report(error)
                _tell_machine(kwargs, sentence_of(error))
                raise typer.Exit(code) from None
            return result

        return run

    return decorate


def report(error: Exception) -> int:
    """Say on stderr what is wrong; the exit code that belongs to it."""
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has enough; the interpreter would try to flush once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if Debugging.wanted:
        trace = "".join(traceback.format_exception(error))
        typer.echo(without_secrets(trace), err=True, nl=False)
    typer.echo(f"Error: {sentence_of(error)}", err=True)
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def sentence_of(error: Exception) -> str:
    """What is wrong, where, and what to do, without any secret."""
    if isinstance(error, LoaderError):
        sentence = str(error)
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
        sentence = f"{error.filename}: {reason}." if error.filename else f"{reason}."
    else:
        sentence = (
            f"{type(error).__name__}: {error}. This is a fault of the loader: please report it "
            "with what `loader --debug …` prints."
        )
    return without_secrets(sentence)


def _tell_machine(options: Mapping[str, object], sentence: str) -> None:
    """With `--json`, what is wrong is an object too: nothing else was printed."""
    if options.get("as_json"):
        typer.echo(json.dumps({"error": sentence}, ensure_ascii=False))


class _TerminatedError(BaseException):
    """The process was asked to end: temporary files go, worker processes end."""


class _Stop:
    """A signal handler: the first signal ends the command in good order.

    The second is passed over, as it would break into the cleaning up; whoever insists
    with a third ends the process at once.
    """

    def __init__(self, exception: type[BaseException]) -> None:
        self._exception = exception
        self._signals = 0

    def __call__(self, number: int, _frame: object) -> None:
        self._signals += 1
        if self._signals == 1:
            raise self._exception
        if self._signals > 2:
            os._exit(128 + number)
