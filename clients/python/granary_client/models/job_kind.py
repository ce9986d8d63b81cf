from enum import StrEnum


class JobKind(StrEnum):
    COPY = "copy"
    UNZIP = "unzip"
    ZIP = "zip"

    def __str__(self) -> str:
        return str(self.value)
