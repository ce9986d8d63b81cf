from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.access_entry import AccessEntry


T = TypeVar("T", bound="AccessState")


@_attrs_define
class AccessState:
    """
    Attributes:
        directory (bool):
        entries (list[AccessEntry]): Named ones, and all of the default ACL.
        group (str):
        group_may (str): What the owning group may, before the mask.
        may_change (bool): The caller may change it.
        mode (str): Octal. Beside entries of the ACL its middle digit is their mask.
        others_may (str):
        owner (str):
        owner_may (str): As in r-x, like the rights that follow.
        path (str):
        sticky (bool): Only owners delete or rename what is in the directory.
        tag (str): Changes whenever any of this changes.
        mask (str | Unset): The most that the owning group and the entries can grant; absent if there is no ACL.
    """

    directory: bool
    entries: list[AccessEntry]
    group: str
    group_may: str
    may_change: bool
    mode: str
    others_may: str
    owner: str
    owner_may: str
    path: str
    sticky: bool
    tag: str
    mask: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        directory = self.directory

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)

        group = self.group

        group_may = self.group_may

        may_change = self.may_change

        mode = self.mode

        others_may = self.others_may

        owner = self.owner

        owner_may = self.owner_may

        path = self.path

        sticky = self.sticky

        tag = self.tag

        mask = self.mask

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "directory": directory,
                "entries": entries,
                "group": group,
                "groupMay": group_may,
                "mayChange": may_change,
                "mode": mode,
                "othersMay": others_may,
                "owner": owner,
                "ownerMay": owner_may,
                "path": path,
                "sticky": sticky,
                "tag": tag,
            }
        )
        if mask is not UNSET:
            field_dict["mask"] = mask

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_entry import AccessEntry  # noqa: PLC0415

        d = dict(src_dict)
        directory = d.pop("directory")

        entries = []
        _entries = d.pop("entries")
        for entries_item_data in _entries:
            entries_item = AccessEntry.from_dict(entries_item_data)

            entries.append(entries_item)

        group = d.pop("group")

        group_may = d.pop("groupMay")

        may_change = d.pop("mayChange")

        mode = d.pop("mode")

        others_may = d.pop("othersMay")

        owner = d.pop("owner")

        owner_may = d.pop("ownerMay")

        path = d.pop("path")

        sticky = d.pop("sticky")

        tag = d.pop("tag")

        mask = d.pop("mask", UNSET)

        access_state = cls(
            directory=directory,
            entries=entries,
            group=group,
            group_may=group_may,
            may_change=may_change,
            mode=mode,
            others_may=others_may,
            owner=owner,
            owner_may=owner_may,
            path=path,
            sticky=sticky,
            tag=tag,
            mask=mask,
        )

        access_state.additional_properties = d
        return access_state

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
