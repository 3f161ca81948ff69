"""Does dbt go to the same warehouse as the loader?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from loader.doctor.check import Check, failed, ok, warning
from loader.schema.tables import RAW
from loader.settings import Settings, Target

PROFILE = "xapi_warehouse"
_NAME = "profile of dbt"


def profile(settings: Settings, project: Path) -> Check:
    """Whether the profile that dbt would use in this folder leads to the loader's warehouse."""
    file = _file(project)
    if not (project / "dbt_project.yml").is_file():
        return warning(_NAME, f"{project} is no dbt project", "run it where dbt_project.yml is.")
    if file is None:
        return failed(_NAME, "there is none", "cp profiles.example.yml profiles.yml")
    try:
        output = _output(file)
    except Exception as error:  # whatever dbt says of a file that it cannot read
        return failed(_NAME, f"{file} cannot be read: {_first_line(error)}", "repair it.")
    if output is None:
        return failed(
            _NAME, f"{file} has no {PROFILE} with such a target", "see profiles.example.yml."
        )
    theirs, ours = _place(output), _ours(settings)
    different = [key for key in ours if theirs.get(key) != ours[key]]
    if different:
        found = "; ".join(
            f"{key} is {theirs.get(key)}, the loader's {ours[key]}" for key in different
        )
        return failed(_NAME, found, _remedy(project))
    return ok(_NAME, f"{file} leads to the loader's warehouse")


def _file(project: Path) -> Path | None:
    """The file that dbt reads: of a folder that is named, of the project, or of the user."""
    named = os.environ.get("DBT_PROFILES_DIR")
    folders = [Path(named)] if named else [project, Path.home() / ".dbt"]
    return next((file for one in folders if (file := one / "profiles.yml").is_file()), None)


def _output(file: Path) -> dict[str, Any] | None:
    """The target of our profile, with its variables filled in as dbt does it."""
    from dbt_common.context import set_invocation_context

    set_invocation_context(os.environ)
    from dbt.config.profile import read_profile
    from dbt.config.renderer import ProfileRenderer

    ours = read_profile(str(file.parent)).get(PROFILE)
    if not isinstance(ours, dict):
        return None
    rendered = ProfileRenderer({}).render_data(ours)
    output = rendered.get("outputs", {}).get(rendered.get("target", "default"))
    return output if isinstance(output, dict) else None


def _place(output: dict[str, Any]) -> dict[str, Any]:
    """Where an output leads, in the words of `_ours`."""
    place = {key: output.get(key) for key in ("type", "schema")}
    if output.get("type") == "chdb":
        return place | {"path": str(Path(output.get("path", "")).resolve())}
    return place | {
        "host": output.get("host"),
        "port": output.get("port"),
        "user": output.get("user"),
        "secure": bool(output.get("secure")),
        "cluster": output.get("cluster") or "",
    }


def _ours(settings: Settings) -> dict[str, Any]:
    if settings.target is Target.EMBEDDED:
        return {"type": "chdb", "schema": RAW, "path": str(settings.path.resolve())}
    return {
        "type": "clickhouse",
        "schema": RAW,
        "host": settings.host,
        "port": settings.http_port,
        "user": settings.user,
        "secure": settings.secure,
        "cluster": settings.cluster if settings.target is Target.CLUSTER else "",
    }


def _remedy(project: Path) -> str:
    if (project / ".env").is_file():
        return "dbt does not read .env by itself: `dotenv run -- dbt run`, or set -a; . ./.env."
    return "let profiles.yml read the same variables, as profiles.example.yml does."


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[1] if len(lines) > 1 else lines[0] if lines else type(error).__name__)[:200]
