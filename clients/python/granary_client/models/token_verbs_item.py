from enum import StrEnum


class TokenVerbsItem(StrEnum):
    ADD = "add"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"

    def __str__(self) -> str:
        return str(self.value)
