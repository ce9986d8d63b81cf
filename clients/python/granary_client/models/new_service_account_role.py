from enum import StrEnum


class NewServiceAccountRole(StrEnum):
    OBSERVER = "observer"
    SCIENTIST = "scientist"

    def __str__(self) -> str:
        return str(self.value)
