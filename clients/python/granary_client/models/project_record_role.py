from enum import StrEnum


class ProjectRecordRole(StrEnum):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"

    def __str__(self) -> str:
        return str(self.value)
