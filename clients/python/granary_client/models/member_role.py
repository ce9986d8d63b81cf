from ..types import Words


class MemberRole(Words):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"
