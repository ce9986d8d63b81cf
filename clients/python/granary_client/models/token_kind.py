from enum import StrEnum


class TokenKind(StrEnum):
    DELEGATION = "delegation"
    PERSONAL = "personal"
    TOKEN = "token"

    def __str__(self) -> str:
        return str(self.value)
