from ..types import Words


class MadeTokenKind(Words):
    DELEGATION = "delegation"
    PERSONAL = "personal"
    TOKEN = "token"
