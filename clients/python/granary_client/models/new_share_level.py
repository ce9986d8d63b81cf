from ..types import Words


class NewShareLevel(Words):
    EDIT = "edit"
    EDIT_BY_OWNERS = "edit-by-owners"
    READ = "read"
