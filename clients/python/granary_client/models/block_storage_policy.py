from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BlockStoragePolicy")


@_attrs_define
class BlockStoragePolicy:
    """
    Attributes:
        copy_on_create_file (bool):
        creation_fallbacks (list[str]):
        id (int):
        name (str):
        replication_fallbacks (list[str]):
        storage_types (list[str]):
    """

    copy_on_create_file: bool
    creation_fallbacks: list[str]
    id: int
    name: str
    replication_fallbacks: list[str]
    storage_types: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        copy_on_create_file = self.copy_on_create_file

        creation_fallbacks = self.creation_fallbacks

        id = self.id

        name = self.name

        replication_fallbacks = self.replication_fallbacks

        storage_types = self.storage_types

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "copyOnCreateFile": copy_on_create_file,
                "creationFallbacks": creation_fallbacks,
                "id": id,
                "name": name,
                "replicationFallbacks": replication_fallbacks,
                "storageTypes": storage_types,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        copy_on_create_file = d.pop("copyOnCreateFile")

        creation_fallbacks = cast(list[str], d.pop("creationFallbacks"))

        id = d.pop("id")

        name = d.pop("name")

        replication_fallbacks = cast(list[str], d.pop("replicationFallbacks"))

        storage_types = cast(list[str], d.pop("storageTypes"))

        block_storage_policy = cls(
            copy_on_create_file=copy_on_create_file,
            creation_fallbacks=creation_fallbacks,
            id=id,
            name=name,
            replication_fallbacks=replication_fallbacks,
            storage_types=storage_types,
        )

        block_storage_policy.additional_properties = d
        return block_storage_policy

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
