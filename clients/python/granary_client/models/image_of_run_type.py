from ..types import Words


class ImageOfRunType(Words):
    IMAGEJPEG = "image/jpeg"
    IMAGEPNG = "image/png"
