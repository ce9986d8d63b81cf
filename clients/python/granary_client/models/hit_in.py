from ..types import Words


class HitIn(Words):
    DESCRIPTION = "description"
    NAME = "name"
    TAG = "tag"
