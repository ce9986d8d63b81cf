from enum import StrEnum


class SetStoragePolicyStoragepolicy(StrEnum):
    ALL_NVDIMM = "ALL_NVDIMM"
    ALL_SSD = "ALL_SSD"
    COLD = "COLD"
    HOT = "HOT"
    LAZY_PERSIST = "LAZY_PERSIST"
    ONE_SSD = "ONE_SSD"
    PROVIDED = "PROVIDED"
    WARM = "WARM"

    def __str__(self) -> str:
        return str(self.value)
