from enum import StrEnum


class SearchKind(StrEnum):
    DATASET = "dataset"
    DIRECTORY = "directory"
    FILE = "file"

    def __str__(self) -> str:
        return str(self.value)
