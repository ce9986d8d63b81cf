from ..types import Words


class BeginUploadIfNoneMatch(Words):
    VALUE_0 = "*"
