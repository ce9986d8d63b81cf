from enum import StrEnum


class ArchiveFormat(StrEnum):
    TAR = "tar"
    ZIP = "zip"

    def __str__(self) -> str:
        return str(self.value)
