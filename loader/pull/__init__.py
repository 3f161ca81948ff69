"""Statements from an LRS over its own interface: `GET statements`, page by page (docs/pull.md)."""

from loader.patience import Patience
from loader.pull.credentials import Credentials, load_credentials
from loader.pull.lrs import Lrs
from loader.pull.position import Pulls
from loader.pull.walk import Wanted, pull

__all__ = ["Credentials", "Lrs", "Patience", "Pulls", "Wanted", "load_credentials", "pull"]
