from ..types import Words


class JobKind(Words):
    COPY = "copy"
    UNZIP = "unzip"
    ZIP = "zip"
