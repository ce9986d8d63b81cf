from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.access_key import AccessKey
    from ..models.new_access_entry import NewAccessEntry


T = TypeVar("T", bound="AccessChange")


@_attrs_define
class AccessChange:
    """
    Attributes:
        bare (bool | Unset): Remove all named entries except those of the default ACL, before entries are applied.
        clear (str | Unset): Octal: bits to clear, except those in set.
        drop_default (bool | Unset): Remove the default ACL. What is in entries comes after.
        entries (list[NewAccessEntry] | Unset): ACL entries to add, or to replace those of the same name.
        group (str | Unset): One that the caller is in.
        mask (str | Unset): If there is an ACL. Without it, the mask becomes as wide as its entries if one of them
            changes, and otherwise stays.
        owner (str | Unset): By superusers.
        remove (list[AccessKey] | Unset): Entries to remove, if they are there.
        search (bool | Unset): Change execute on directories only: files keep theirs.
        set_ (str | Unset): Octal: bits to set. The middle digit is the owning group's, and never the mask.
    """

    bare: bool | Unset = UNSET
    clear: str | Unset = UNSET
    drop_default: bool | Unset = UNSET
    entries: list[NewAccessEntry] | Unset = UNSET
    group: str | Unset = UNSET
    mask: str | Unset = UNSET
    owner: str | Unset = UNSET
    remove: list[AccessKey] | Unset = UNSET
    search: bool | Unset = UNSET
    set_: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        bare = self.bare

        clear = self.clear

        drop_default = self.drop_default

        entries: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.entries, Unset):
            entries = []
            for entries_item_data in self.entries:
                entries_item = entries_item_data.to_dict()
                entries.append(entries_item)

        group = self.group

        mask = self.mask

        owner = self.owner

        remove: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.remove, Unset):
            remove = []
            for remove_item_data in self.remove:
                remove_item = remove_item_data.to_dict()
                remove.append(remove_item)

        search = self.search

        set_ = self.set_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if bare is not UNSET:
            field_dict["bare"] = bare
        if clear is not UNSET:
            field_dict["clear"] = clear
        if drop_default is not UNSET:
            field_dict["dropDefault"] = drop_default
        if entries is not UNSET:
            field_dict["entries"] = entries
        if group is not UNSET:
            field_dict["group"] = group
        if mask is not UNSET:
            field_dict["mask"] = mask
        if owner is not UNSET:
            field_dict["owner"] = owner
        if remove is not UNSET:
            field_dict["remove"] = remove
        if search is not UNSET:
            field_dict["search"] = search
        if set_ is not UNSET:
            field_dict["set"] = set_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_key import AccessKey  # noqa: PLC0415
        from ..models.new_access_entry import NewAccessEntry  # noqa: PLC0415

        d = dict(src_dict)
        bare = d.pop("bare", UNSET)

        clear = d.pop("clear", UNSET)

        drop_default = d.pop("dropDefault", UNSET)

        _entries = d.pop("entries", UNSET)
        entries: list[NewAccessEntry] | Unset = UNSET
        if _entries is not UNSET:
            entries = []
            for entries_item_data in _entries:
                entries_item = NewAccessEntry.from_dict(entries_item_data)

                entries.append(entries_item)

        group = d.pop("group", UNSET)

        mask = d.pop("mask", UNSET)

        owner = d.pop("owner", UNSET)

        _remove = d.pop("remove", UNSET)
        remove: list[AccessKey] | Unset = UNSET
        if _remove is not UNSET:
            remove = []
            for remove_item_data in _remove:
                remove_item = AccessKey.from_dict(remove_item_data)

                remove.append(remove_item)

        search = d.pop("search", UNSET)

        set_ = d.pop("set", UNSET)

        access_change = cls(
            bare=bare,
            clear=clear,
            drop_default=drop_default,
            entries=entries,
            group=group,
            mask=mask,
            owner=owner,
            remove=remove,
            search=search,
            set_=set_,
        )

        return access_change
