from ..types import Words


class FileStatusType(Words):
    DIRECTORY = "DIRECTORY"
    FILE = "FILE"
