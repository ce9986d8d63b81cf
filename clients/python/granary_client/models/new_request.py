from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewRequest")


@_attrs_define
class NewRequest:
    """
    Attributes:
        dataset (int | Unset): A dataset's id; without it, membership is asked for.
        message (str | Unset): At most 1024 bytes.
    """

    dataset: int | Unset = UNSET
    message: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        dataset = self.dataset

        message = self.message

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if dataset is not UNSET:
            field_dict["dataset"] = dataset
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        dataset = d.pop("dataset", UNSET)

        message = d.pop("message", UNSET)

        new_request = cls(
            dataset=dataset,
            message=message,
        )

        return new_request
