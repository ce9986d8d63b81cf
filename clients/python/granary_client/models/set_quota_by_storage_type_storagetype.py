from ..types import Words


class SetQuotaByStorageTypeStoragetype(Words):
    ARCHIVE = "ARCHIVE"
    DISK = "DISK"
    NVDIMM = "NVDIMM"
    PROVIDED = "PROVIDED"
    SSD = "SSD"
