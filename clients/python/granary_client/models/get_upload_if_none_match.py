from ..types import Words


class GetUploadIfNoneMatch(Words):
    VALUE_0 = "*"
