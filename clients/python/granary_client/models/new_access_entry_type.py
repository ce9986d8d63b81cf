from ..types import Words


class NewAccessEntryType(Words):
    GROUP = "group"
    OTHER = "other"
    USER = "user"
