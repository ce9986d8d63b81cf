from ..types import Words


class NewTokenKind(Words):
    PERSONAL = "personal"
    TOKEN = "token"
