from enum import StrEnum


class NewTokenKind(StrEnum):
    PERSONAL = "personal"
    TOKEN = "token"

    def __str__(self) -> str:
        return str(self.value)
