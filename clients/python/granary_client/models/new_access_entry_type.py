from enum import StrEnum


class NewAccessEntryType(StrEnum):
    GROUP = "group"
    OTHER = "other"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
