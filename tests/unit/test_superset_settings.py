"""What Superset's configuration makes of the environment; no Superset."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

_PATH = Path(__file__).resolve().parents[2] / "superset" / "environment.py"


def _module() -> ModuleType:
    """It has the environment of Superset, which is none of ours."""
    spec = importlib.util.spec_from_file_location("superset_environment", _PATH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


said = _module()
LANGUAGES = ("en", "es", "fr", "ar")


def test_what_is_not_said_is_as_usual() -> None:
    for nothing in ({}, {"NAME": ""}):
        assert said.whole_number(nothing, "NAME", 300) == 300
        assert said.language(nothing, "NAME", LANGUAGES) == "en"
        assert said.origins(nothing, "NAME") == []


def test_what_is_said_counts() -> None:
    assert said.required({"NAME": "secret"}, "NAME", "make one") == "secret"
    assert said.whole_number({"NAME": "60"}, "NAME", 300) == 60
    assert said.language({"NAME": "ar"}, "NAME", LANGUAGES) == "ar"
    sites = "https://studio.example.org  http://127.0.0.1:8001 https://*.example.org"
    assert said.origins({"NAME": sites}, "NAME") == sites.split()


@pytest.mark.parametrize("value", ["0", "-1", "5 minutes", "1.5", "9" * 10])
def test_what_is_no_number_is_told(value: str) -> None:
    with pytest.raises(SystemExit, match=f"NAME is {value}: write a whole number"):
        said.whole_number({"NAME": value}, "NAME", 300)


@pytest.mark.parametrize("value", ["de", "EN", "en_US"])
def test_a_language_that_is_not_there_is_told(value: str) -> None:
    with pytest.raises(SystemExit, match=f"NAME is {value}: it is one of en, es, fr, ar"):
        said.language({"NAME": value}, "NAME", LANGUAGES)


@pytest.mark.parametrize(
    "value",
    [
        "studio.example.org",
        "*",
        "https://studio.example.org/",
        "https://studio.example.org;script-src",
        "'unsafe-inline'",
        "data:",
    ],
)
def test_what_is_no_site_does_not_get_into_a_header(value: str) -> None:
    with pytest.raises(SystemExit, match="write scheme and host alone"):
        said.origins({"NAME": f"https://studio.example.org {value}"}, "NAME")


def test_a_secret_that_is_missing_is_told() -> None:
    with pytest.raises(SystemExit, match="NAME is not set: make one"):
        said.required({"NAME": ""}, "NAME", "make one")
