from enum import StrEnum


class ImageOfRunType(StrEnum):
    IMAGEJPEG = "image/jpeg"
    IMAGEPNG = "image/png"

    def __str__(self) -> str:
        return str(self.value)
