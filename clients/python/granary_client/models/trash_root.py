from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrashRoot")


@_attrs_define
class TrashRoot:
    """
    Attributes:
        access_time (int): Last access; 0 if never set. In milliseconds since 1970.
        block_replication (int): 0: it is a directory.
        blocksize (int): 0: it is a directory.
        group (str):
        isdir (bool): Always true.
        length (int): 0: it is a directory.
        modification_time (int): Last change of its entries. In milliseconds since 1970.
        owner (str):
        path (str): Absolute path.
        permission (str): Octal mode.
    """

    access_time: int
    block_replication: int
    blocksize: int
    group: str
    isdir: bool
    length: int
    modification_time: int
    owner: str
    path: str
    permission: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        access_time = self.access_time

        block_replication = self.block_replication

        blocksize = self.blocksize

        group = self.group

        isdir = self.isdir

        length = self.length

        modification_time = self.modification_time

        owner = self.owner

        path = self.path

        permission = self.permission

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "access_time": access_time,
                "block_replication": block_replication,
                "blocksize": blocksize,
                "group": group,
                "isdir": isdir,
                "length": length,
                "modification_time": modification_time,
                "owner": owner,
                "path": path,
                "permission": permission,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        access_time = d.pop("access_time")

        block_replication = d.pop("block_replication")

        blocksize = d.pop("blocksize")

        group = d.pop("group")

        isdir = d.pop("isdir")

        length = d.pop("length")

        modification_time = d.pop("modification_time")

        owner = d.pop("owner")

        path = d.pop("path")

        permission = d.pop("permission")

        trash_root = cls(
            access_time=access_time,
            block_replication=block_replication,
            blocksize=blocksize,
            group=group,
            isdir=isdir,
            length=length,
            modification_time=modification_time,
            owner=owner,
            path=path,
            permission=permission,
        )

        trash_root.additional_properties = d
        return trash_root

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
