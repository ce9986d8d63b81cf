from ..types import Words


class OpenMediatype(Words):
    AUDIOAAC = "audio/aac"
    AUDIOFLAC = "audio/flac"
    AUDIOMP4 = "audio/mp4"
    AUDIOMPEG = "audio/mpeg"
    AUDIOOGG = "audio/ogg"
    AUDIOWAV = "audio/wav"
    AUDIOWEBM = "audio/webm"
    IMAGEAVIF = "image/avif"
    IMAGEBMP = "image/bmp"
    IMAGEGIF = "image/gif"
    IMAGEJPEG = "image/jpeg"
    IMAGEPNG = "image/png"
    IMAGEWEBP = "image/webp"
    VIDEOMP4 = "video/mp4"
    VIDEOMPEG = "video/mpeg"
    VIDEOOGG = "video/ogg"
    VIDEOQUICKTIME = "video/quicktime"
    VIDEOWEBM = "video/webm"
    VIDEOX_MATROSKA = "video/x-matroska"
