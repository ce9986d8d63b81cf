from enum import StrEnum


class MadeTokenKind(StrEnum):
    DELEGATION = "delegation"
    PERSONAL = "personal"
    TOKEN = "token"

    def __str__(self) -> str:
        return str(self.value)
