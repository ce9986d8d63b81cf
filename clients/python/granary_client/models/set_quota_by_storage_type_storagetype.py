from enum import StrEnum


class SetQuotaByStorageTypeStoragetype(StrEnum):
    ARCHIVE = "ARCHIVE"
    DISK = "DISK"
    NVDIMM = "NVDIMM"
    PROVIDED = "PROVIDED"
    SSD = "SSD"

    def __str__(self) -> str:
        return str(self.value)
