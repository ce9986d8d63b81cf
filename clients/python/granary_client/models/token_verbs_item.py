from ..types import Words


class TokenVerbsItem(Words):
    ADD = "add"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"
