from ..types import Words


class TokenKind(Words):
    DELEGATION = "delegation"
    PERSONAL = "personal"
    TOKEN = "token"
