from enum import StrEnum


class ShareLevel(StrEnum):
    EDIT = "edit"
    EDIT_BY_OWNERS = "edit-by-owners"
    READ = "read"

    def __str__(self) -> str:
        return str(self.value)
