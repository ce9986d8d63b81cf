from ..types import Words


class SearchKind(Words):
    DATASET = "dataset"
    DIRECTORY = "directory"
    FILE = "file"
