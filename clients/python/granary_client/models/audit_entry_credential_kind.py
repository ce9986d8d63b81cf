from ..types import Words


class AuditEntryCredentialKind(Words):
    DELEGATION = "delegation"
    LINK = "link"
    PERSONAL = "personal"
    SESSION = "session"
    TOKEN = "token"
