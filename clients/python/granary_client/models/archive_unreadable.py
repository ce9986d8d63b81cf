from ..types import Words


class ArchiveUnreadable(Words):
    LIST = "list"
    REFUSE = "refuse"
