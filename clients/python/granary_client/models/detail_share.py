from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="DetailShare")


@_attrs_define
class DetailShare:
    """
    Attributes:
        id (int):
        level (str):
        dataset (str | Unset):
        expires (datetime.datetime | Unset):
        project (str | Unset):
        to_project (str | Unset):
        to_user (str | Unset):
    """

    id: int
    level: str
    dataset: str | Unset = UNSET
    expires: datetime.datetime | Unset = UNSET
    project: str | Unset = UNSET
    to_project: str | Unset = UNSET
    to_user: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        level = self.level

        dataset = self.dataset

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        project = self.project

        to_project = self.to_project

        to_user = self.to_user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "level": level,
            }
        )
        if dataset is not UNSET:
            field_dict["dataset"] = dataset
        if expires is not UNSET:
            field_dict["expires"] = expires
        if project is not UNSET:
            field_dict["project"] = project
        if to_project is not UNSET:
            field_dict["toProject"] = to_project
        if to_user is not UNSET:
            field_dict["toUser"] = to_user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        level = d.pop("level")

        dataset = d.pop("dataset", UNSET)

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        project = d.pop("project", UNSET)

        to_project = d.pop("toProject", UNSET)

        to_user = d.pop("toUser", UNSET)

        detail_share = cls(
            id=id,
            level=level,
            dataset=dataset,
            expires=expires,
            project=project,
            to_project=to_project,
            to_user=to_user,
        )

        detail_share.additional_properties = d
        return detail_share

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
