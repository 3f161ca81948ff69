"""What a user is told when something cannot be done."""

from __future__ import annotations


class LoaderError(Exception):
    """A failure with a sentence for the user: what is wrong, where, and what to do.

    The command line prints the sentence alone and exits with 1; a stack trace is
    shown with ``--debug`` only.
    """


class UsageError(LoaderError):
    """The command was called with something it cannot accept; exit code 2."""


class InputError(LoaderError):
    """An input cannot be read, or not to its end; what is wrong is wrong with it alone."""


class EngineError(LoaderError):
    """The engine refused, or did not answer; its own error is the cause."""


class WarehouseBusyError(LoaderError):
    """The embedded warehouse folder is open in another process."""
