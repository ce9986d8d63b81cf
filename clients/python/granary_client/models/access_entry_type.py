from ..types import Words


class AccessEntryType(Words):
    GROUP = "group"
    MASK = "mask"
    OTHER = "other"
    USER = "user"
