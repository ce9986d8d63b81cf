from ..types import Words


class NewServiceAccountRole(Words):
    OBSERVER = "observer"
    SCIENTIST = "scientist"
