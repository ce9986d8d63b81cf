from ..types import Words


class GetXAttrsEncoding(Words):
    BASE64 = "BASE64"
    HEX = "HEX"
    TEXT = "TEXT"
