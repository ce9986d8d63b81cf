from enum import StrEnum


class HitIn(StrEnum):
    DESCRIPTION = "description"
    NAME = "name"
    TAG = "tag"

    def __str__(self) -> str:
        return str(self.value)
