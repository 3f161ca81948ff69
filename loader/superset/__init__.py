"""Dashboards in Apache Superset: compare what a server has with the bundle, and bring it there."""

from loader.superset.access import access_differences, apply_access
from loader.superset.apply import Outcome, apply, differences
from loader.superset.bundle import Bundle, read_bundle
from loader.superset.embedding import guest_token
from loader.superset.server import Superset
from loader.superset.usage import Usage, pull_usage

__all__ = [
    "Bundle",
    "Outcome",
    "Superset",
    "Usage",
    "access_differences",
    "apply",
    "apply_access",
    "differences",
    "guest_token",
    "pull_usage",
    "read_bundle",
]
