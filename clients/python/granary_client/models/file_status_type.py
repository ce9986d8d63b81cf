from enum import StrEnum


class FileStatusType(StrEnum):
    DIRECTORY = "DIRECTORY"
    FILE = "FILE"

    def __str__(self) -> str:
        return str(self.value)
