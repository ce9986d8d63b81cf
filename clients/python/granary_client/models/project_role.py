from ..types import Words


class ProjectRole(Words):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"
