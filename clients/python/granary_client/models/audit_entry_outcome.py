from enum import StrEnum


class AuditEntryOutcome(StrEnum):
    ALLOWED = "allowed"
    CHANGED = "changed"
    DENIED = "denied"
    LOST = "lost"

    def __str__(self) -> str:
        return str(self.value)
