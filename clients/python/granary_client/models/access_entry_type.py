from enum import StrEnum


class AccessEntryType(StrEnum):
    GROUP = "group"
    MASK = "mask"
    OTHER = "other"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
