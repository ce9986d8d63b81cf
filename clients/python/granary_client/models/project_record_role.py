from ..types import Words


class ProjectRecordRole(Words):
    OBSERVER = "observer"
    OWNER = "owner"
    SCIENTIST = "scientist"
