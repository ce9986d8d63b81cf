from ..types import Words


class AccessKeyType(Words):
    GROUP = "group"
    USER = "user"
