"""What could not land: look at it, take it out to be mended, and land what is good by now."""

from loader.rejects.export import export_rejects
from loader.rejects.fixed import Fixed, retry_fixed
from loader.rejects.listing import list_rejects, show_reject
from loader.rejects.resolve import dismiss_rejects
from loader.rejects.retry import Retried, retry_rejects
from loader.rejects.selection import Reject, Wanted
from loader.rejects.summary import Summary, summary_of

__all__ = [
    "Fixed",
    "Reject",
    "Retried",
    "Summary",
    "Wanted",
    "dismiss_rejects",
    "export_rejects",
    "list_rejects",
    "retry_fixed",
    "retry_rejects",
    "show_reject",
    "summary_of",
]
