from ..types import Words


class ShareLevel(Words):
    EDIT = "edit"
    EDIT_BY_OWNERS = "edit-by-owners"
    READ = "read"
