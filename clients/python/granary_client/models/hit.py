from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hit_in import HitIn
from ..models.hit_kind import HitKind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.hit_tags import HitTags


T = TypeVar("T", bound="Hit")


@_attrs_define
class Hit:
    """
    Attributes:
        description (str): Of a dataset, what changeDataset sets.
        file_id (int):
        kind (HitKind):
        length (int): Bytes; 0 for directories.
        modification_time (int): Milliseconds since 1970.
        owner (str):
        path (str):
        tags (HitTags): Values, which may be empty, by key.
        in_ (HitIn | Unset): Where the query was found: in the name, or else a tag, or else the description.
    """

    description: str
    file_id: int
    kind: HitKind
    length: int
    modification_time: int
    owner: str
    path: str
    tags: HitTags
    in_: HitIn | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        description = self.description

        file_id = self.file_id

        kind = self.kind.value

        length = self.length

        modification_time = self.modification_time

        owner = self.owner

        path = self.path

        tags = self.tags.to_dict()

        in_: str | Unset = UNSET
        if not isinstance(self.in_, Unset):
            in_ = self.in_.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "description": description,
                "fileId": file_id,
                "kind": kind,
                "length": length,
                "modificationTime": modification_time,
                "owner": owner,
                "path": path,
                "tags": tags,
            }
        )
        if in_ is not UNSET:
            field_dict["in"] = in_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hit_tags import HitTags  # noqa: PLC0415

        d = dict(src_dict)
        description = d.pop("description")

        file_id = d.pop("fileId")

        kind = HitKind(d.pop("kind"))

        length = d.pop("length")

        modification_time = d.pop("modificationTime")

        owner = d.pop("owner")

        path = d.pop("path")

        tags = HitTags.from_dict(d.pop("tags"))

        _in_ = d.pop("in", UNSET)
        in_: HitIn | Unset
        if isinstance(_in_, Unset):
            in_ = UNSET
        else:
            in_ = HitIn(_in_)

        hit = cls(
            description=description,
            file_id=file_id,
            kind=kind,
            length=length,
            modification_time=modification_time,
            owner=owner,
            path=path,
            tags=tags,
            in_=in_,
        )

        hit.additional_properties = d
        return hit

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
