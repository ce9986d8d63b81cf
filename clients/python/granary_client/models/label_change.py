from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.label_change_set import LabelChangeSet


T = TypeVar("T", bound="LabelChange")


@_attrs_define
class LabelChange:
    """
    Attributes:
        description (str | Unset): At most 4096 bytes; empty: no description. A dataset's is set with changeDataset.
        remove (list[str] | Unset): The keys of tags to remove; they need not be there.
        set_ (LabelChangeSet | Unset): Tags to set, by key: 1 to 64 letters, digits, '.', '_', '-' and '/', a letter or
            a digit first. Values are text of one line, of at most 256 characters. There are at most 64 tags.
    """

    description: str | Unset = UNSET
    remove: list[str] | Unset = UNSET
    set_: LabelChangeSet | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        description = self.description

        remove: list[str] | Unset = UNSET
        if not isinstance(self.remove, Unset):
            remove = self.remove

        set_: dict[str, Any] | Unset = UNSET
        if not isinstance(self.set_, Unset):
            set_ = self.set_.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if description is not UNSET:
            field_dict["description"] = description
        if remove is not UNSET:
            field_dict["remove"] = remove
        if set_ is not UNSET:
            field_dict["set"] = set_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.label_change_set import LabelChangeSet  # noqa: PLC0415

        d = dict(src_dict)
        description = d.pop("description", UNSET)

        remove = cast(list[str], d.pop("remove", UNSET))

        _set_ = d.pop("set", UNSET)
        set_: LabelChangeSet | Unset
        if isinstance(_set_, Unset):
            set_ = UNSET
        else:
            set_ = LabelChangeSet.from_dict(_set_)

        label_change = cls(
            description=description,
            remove=remove,
            set_=set_,
        )

        return label_change
