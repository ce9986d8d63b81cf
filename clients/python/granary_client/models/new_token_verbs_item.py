from ..types import Words


class NewTokenVerbsItem(Words):
    ADD = "add"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"
