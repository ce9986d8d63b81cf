from enum import StrEnum


class HitKind(StrEnum):
    DATASET = "dataset"
    DIRECTORY = "directory"
    FILE = "file"

    def __str__(self) -> str:
        return str(self.value)
