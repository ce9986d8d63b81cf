from ..types import Words


class ExplainAccessAction(Words):
    CREATE = "create"
    DELETE = "delete"
    MANAGE = "manage"
    READ = "read"
    WRITE = "write"
