from enum import StrEnum


class GetXAttrsEncoding(StrEnum):
    BASE64 = "BASE64"
    HEX = "HEX"
    TEXT = "TEXT"

    def __str__(self) -> str:
        return str(self.value)
