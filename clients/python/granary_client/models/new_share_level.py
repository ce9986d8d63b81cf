from enum import StrEnum


class NewShareLevel(StrEnum):
    EDIT = "edit"
    EDIT_BY_OWNERS = "edit-by-owners"
    READ = "read"

    def __str__(self) -> str:
        return str(self.value)
