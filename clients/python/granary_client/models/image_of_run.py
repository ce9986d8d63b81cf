from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.image_of_run_type import ImageOfRunType
from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageOfRun")


@_attrs_define
class ImageOfRun:
    """
    Attributes:
        height (int): Pixels, as the writer says; 0: it does not.
        length (int): Bytes.
        sample (int): Which one of those that were written together, from 0 on.
        step (int):
        wall_time (float): Seconds since 1970, when it was written, as the writer says.
        width (int): Pixels, as the writer says; 0: it does not.
        type_ (ImageOfRunType | Unset): Determined from its first bytes; absent: it is none of these, and is not served.
    """

    height: int
    length: int
    sample: int
    step: int
    wall_time: float
    width: int
    type_: ImageOfRunType | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        height = self.height

        length = self.length

        sample = self.sample

        step = self.step

        wall_time = self.wall_time

        width = self.width

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "height": height,
                "length": length,
                "sample": sample,
                "step": step,
                "wallTime": wall_time,
                "width": width,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        height = d.pop("height")

        length = d.pop("length")

        sample = d.pop("sample")

        step = d.pop("step")

        wall_time = d.pop("wallTime")

        width = d.pop("width")

        _type_ = d.pop("type", UNSET)
        type_: ImageOfRunType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = ImageOfRunType(_type_)

        image_of_run = cls(
            height=height,
            length=length,
            sample=sample,
            step=step,
            wall_time=wall_time,
            width=width,
            type_=type_,
        )

        image_of_run.additional_properties = d
        return image_of_run

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
