from enum import StrEnum


class NewTokenVerbsItem(StrEnum):
    ADD = "add"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"

    def __str__(self) -> str:
        return str(self.value)
