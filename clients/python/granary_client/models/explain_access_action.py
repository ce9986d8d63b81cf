from enum import StrEnum


class ExplainAccessAction(StrEnum):
    CREATE = "create"
    DELETE = "delete"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"

    def __str__(self) -> str:
        return str(self.value)
