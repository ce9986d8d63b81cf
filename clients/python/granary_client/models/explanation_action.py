from enum import StrEnum


class ExplanationAction(StrEnum):
    CREATE = "create"
    DELETE = "delete"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"

    def __str__(self) -> str:
        return str(self.value)
