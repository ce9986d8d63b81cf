from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Dataset")


@_attrs_define
class Dataset:
    """
    Attributes:
        created (datetime.datetime):
        description (str):
        id (int): The file id of its directory, by which shares follow it.
        listed (bool): Anybody may find it and ask for a share.
        path (str):
        public (bool): Everyone may read it.
        shares (int): How many shares of it were offered or accepted; 0 for non-members of its project.
    """

    created: datetime.datetime
    description: str
    id: int
    listed: bool
    path: str
    public: bool
    shares: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        description = self.description

        id = self.id

        listed = self.listed

        path = self.path

        public = self.public

        shares = self.shares

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created": created,
                "description": description,
                "id": id,
                "listed": listed,
                "path": path,
                "public": public,
                "shares": shares,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        description = d.pop("description")

        id = d.pop("id")

        listed = d.pop("listed")

        path = d.pop("path")

        public = d.pop("public")

        shares = d.pop("shares")

        dataset = cls(
            created=created,
            description=description,
            id=id,
            listed=listed,
            path=path,
            public=public,
            shares=shares,
        )

        dataset.additional_properties = d
        return dataset

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
