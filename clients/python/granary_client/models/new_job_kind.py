from ..types import Words


class NewJobKind(Words):
    COPY = "copy"
    UNZIP = "unzip"
    ZIP = "zip"
