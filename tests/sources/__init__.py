"""Statements as sources other than Open edX write them: small stories, one source a module.

Written by hand in the shape of what these programs send; names and numbers are made up.
"""

from __future__ import annotations

from tests.sources import cmi5, h5p, moodle, scorm, xapi2
from tests.statements import Statement

__all__ = ["cmi5", "every_statement", "h5p", "moodle", "scorm", "xapi2"]


def every_statement() -> list[Statement]:
    """The statements of all stories."""
    stories = (moodle, h5p, cmi5, scorm, xapi2)
    return [statement for story in stories for statement in story.statements()]
