from ..types import Words


class NonFiniteValue(Words):
    INFINITY = "Infinity"
    NAN = "NaN"
    VALUE_2 = "-Infinity"
