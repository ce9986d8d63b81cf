from ..types import Words


class SetStoragePolicyStoragepolicy(Words):
    ALL_NVDIMM = "ALL_NVDIMM"
    ALL_SSD = "ALL_SSD"
    COLD = "COLD"
    HOT = "HOT"
    LAZY_PERSIST = "LAZY_PERSIST"
    ONE_SSD = "ONE_SSD"
    PROVIDED = "PROVIDED"
    WARM = "WARM"
