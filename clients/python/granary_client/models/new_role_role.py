from ..types import Words


class NewRoleRole(Words):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"
