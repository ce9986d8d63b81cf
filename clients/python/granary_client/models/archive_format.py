from ..types import Words


class ArchiveFormat(Words):
    TAR = "tar"
    ZIP = "zip"
