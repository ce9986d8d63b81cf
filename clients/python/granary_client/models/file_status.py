from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_status_type import FileStatusType
from ..types import UNSET, Unset

T = TypeVar("T", bound="FileStatus")


@_attrs_define
class FileStatus:
    """
    Attributes:
        access_time (int): Last access; 0 if never set. In milliseconds since 1970.
        block_size (int): Bytes; 0 for directories.
        children_num (int): Direct children.
        file_id (int): Identifies the file through renames.
        group (str):
        length (int): Bytes; 0 for directories.
        modification_time (int): Last change of the content, or of a directory's entries. In milliseconds since 1970.
        owner (str):
        path_suffix (str): The name in its directory; empty for the requested path itself.
        permission (str): Octal mode without leading zeros; a fourth digit 1 is the sticky bit.
        replication (int): 0 for directories.
        storage_policy (int): Set here or above; 0: none was set.
        type_ (FileStatusType):
        acl_bit (bool | Unset): Present, and true, if there is an access control list.
        snapshot_enabled (bool | Unset): Present, and true, where there may be snapshots.
    """

    access_time: int
    block_size: int
    children_num: int
    file_id: int
    group: str
    length: int
    modification_time: int
    owner: str
    path_suffix: str
    permission: str
    replication: int
    storage_policy: int
    type_: FileStatusType
    acl_bit: bool | Unset = UNSET
    snapshot_enabled: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        access_time = self.access_time

        block_size = self.block_size

        children_num = self.children_num

        file_id = self.file_id

        group = self.group

        length = self.length

        modification_time = self.modification_time

        owner = self.owner

        path_suffix = self.path_suffix

        permission = self.permission

        replication = self.replication

        storage_policy = self.storage_policy

        type_ = self.type_.value

        acl_bit = self.acl_bit

        snapshot_enabled = self.snapshot_enabled

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accessTime": access_time,
                "blockSize": block_size,
                "childrenNum": children_num,
                "fileId": file_id,
                "group": group,
                "length": length,
                "modificationTime": modification_time,
                "owner": owner,
                "pathSuffix": path_suffix,
                "permission": permission,
                "replication": replication,
                "storagePolicy": storage_policy,
                "type": type_,
            }
        )
        if acl_bit is not UNSET:
            field_dict["aclBit"] = acl_bit
        if snapshot_enabled is not UNSET:
            field_dict["snapshotEnabled"] = snapshot_enabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        access_time = d.pop("accessTime")

        block_size = d.pop("blockSize")

        children_num = d.pop("childrenNum")

        file_id = d.pop("fileId")

        group = d.pop("group")

        length = d.pop("length")

        modification_time = d.pop("modificationTime")

        owner = d.pop("owner")

        path_suffix = d.pop("pathSuffix")

        permission = d.pop("permission")

        replication = d.pop("replication")

        storage_policy = d.pop("storagePolicy")

        type_ = FileStatusType(d.pop("type"))

        acl_bit = d.pop("aclBit", UNSET)

        snapshot_enabled = d.pop("snapshotEnabled", UNSET)

        file_status = cls(
            access_time=access_time,
            block_size=block_size,
            children_num=children_num,
            file_id=file_id,
            group=group,
            length=length,
            modification_time=modification_time,
            owner=owner,
            path_suffix=path_suffix,
            permission=permission,
            replication=replication,
            storage_policy=storage_policy,
            type_=type_,
            acl_bit=acl_bit,
            snapshot_enabled=snapshot_enabled,
        )

        file_status.additional_properties = d
        return file_status

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
