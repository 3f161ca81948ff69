"""Erasing a person: who they are, what there is of them, and its removal (docs/privacy.md)."""

from loader.forget.erase import Erasure, Found
from loader.forget.person import Identity, Person
from loader.forget.search import Wanted, find_person

__all__ = ["Erasure", "Found", "Identity", "Person", "Wanted", "find_person"]
