from ..types import Words


class HitKind(Words):
    DATASET = "dataset"
    DIRECTORY = "directory"
    FILE = "file"
