"""Who may see what: `access.yml`, and what ClickHouse is told of it."""

from loader.access.file import Access, Group, Limits, Member, Role, Rows, access_path, read_access

__all__ = ["Access", "Group", "Limits", "Member", "Role", "Rows", "access_path", "read_access"]
