from enum import StrEnum


class ShareState(StrEnum):
    ACCEPTED = "accepted"
    OFFERED = "offered"

    def __str__(self) -> str:
        return str(self.value)
