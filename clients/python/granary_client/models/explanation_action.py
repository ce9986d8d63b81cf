from ..types import Words


class ExplanationAction(Words):
    CREATE = "create"
    DELETE = "delete"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"
