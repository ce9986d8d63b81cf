from ..types import Words


class MadeTokenVerbsItem(Words):
    ADD = "add"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"
