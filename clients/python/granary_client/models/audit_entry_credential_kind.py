from enum import StrEnum


class AuditEntryCredentialKind(StrEnum):
    DELEGATION = "delegation"
    LINK = "link"
    PERSONAL = "personal"
    SESSION = "session"
    TOKEN = "token"

    def __str__(self) -> str:
        return str(self.value)
