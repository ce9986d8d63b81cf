from enum import StrEnum


class MemberRole(StrEnum):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"

    def __str__(self) -> str:
        return str(self.value)
