from ..types import Words


class AuditEntryOutcome(Words):
    ALLOWED = "allowed"
    CHANGED = "changed"
    DENIED = "denied"
    LOST = "lost"
