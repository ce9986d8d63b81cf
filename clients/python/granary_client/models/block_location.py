from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BlockLocation")


@_attrs_define
class BlockLocation:
    """
    Attributes:
        cached_hosts (list[str]):
        corrupt (bool): Always false.
        hosts (list[str]):
        length (int): Bytes.
        names (list[str]):
        offset (int): First byte.
        storage_types (list[str]):
        topology_paths (list[str]):
    """

    cached_hosts: list[str]
    corrupt: bool
    hosts: list[str]
    length: int
    names: list[str]
    offset: int
    storage_types: list[str]
    topology_paths: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cached_hosts = self.cached_hosts

        corrupt = self.corrupt

        hosts = self.hosts

        length = self.length

        names = self.names

        offset = self.offset

        storage_types = self.storage_types

        topology_paths = self.topology_paths

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cachedHosts": cached_hosts,
                "corrupt": corrupt,
                "hosts": hosts,
                "length": length,
                "names": names,
                "offset": offset,
                "storageTypes": storage_types,
                "topologyPaths": topology_paths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cached_hosts = cast(list[str], d.pop("cachedHosts"))

        corrupt = d.pop("corrupt")

        hosts = cast(list[str], d.pop("hosts"))

        length = d.pop("length")

        names = cast(list[str], d.pop("names"))

        offset = d.pop("offset")

        storage_types = cast(list[str], d.pop("storageTypes"))

        topology_paths = cast(list[str], d.pop("topologyPaths"))

        block_location = cls(
            cached_hosts=cached_hosts,
            corrupt=corrupt,
            hosts=hosts,
            length=length,
            names=names,
            offset=offset,
            storage_types=storage_types,
            topology_paths=topology_paths,
        )

        block_location.additional_properties = d
        return block_location

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
