from ..types import Words


class ContinueUploadIfNoneMatch(Words):
    VALUE_0 = "*"
