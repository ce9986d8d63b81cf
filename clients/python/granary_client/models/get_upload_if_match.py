from ..types import Words


class GetUploadIfMatch(Words):
    VALUE_0 = "*"
