from ..types import Words


class ShareState(Words):
    ACCEPTED = "accepted"
    OFFERED = "offered"
