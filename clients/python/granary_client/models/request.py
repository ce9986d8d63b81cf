from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Request")


@_attrs_define
class Request:
    """
    Attributes:
        created (datetime.datetime):
        id (int):
        message (str):
        project (str):
        user (str):
        dataset (int | Unset): Its id; absent if membership is asked for.
    """

    created: datetime.datetime
    id: int
    message: str
    project: str
    user: str
    dataset: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        id = self.id

        message = self.message

        project = self.project

        user = self.user

        dataset = self.dataset

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created": created,
                "id": id,
                "message": message,
                "project": project,
                "user": user,
            }
        )
        if dataset is not UNSET:
            field_dict["dataset"] = dataset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        id = d.pop("id")

        message = d.pop("message")

        project = d.pop("project")

        user = d.pop("user")

        dataset = d.pop("dataset", UNSET)

        request = cls(
            created=created,
            id=id,
            message=message,
            project=project,
            user=user,
            dataset=dataset,
        )

        request.additional_properties = d
        return request

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
