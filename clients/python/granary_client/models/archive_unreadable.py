from enum import StrEnum


class ArchiveUnreadable(StrEnum):
    LIST = "list"
    REFUSE = "refuse"

    def __str__(self) -> str:
        return str(self.value)
