from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.fs_server_defaults import FsServerDefaults


T = TypeVar("T", bound="GetServerDefaultsResponse200")


@_attrs_define
class GetServerDefaultsResponse200:
    """
    Attributes:
        fs_server_defaults (FsServerDefaults):
    """

    fs_server_defaults: FsServerDefaults
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        fs_server_defaults = self.fs_server_defaults.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "FsServerDefaults": fs_server_defaults,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fs_server_defaults import FsServerDefaults  # noqa: PLC0415

        d = dict(src_dict)
        fs_server_defaults = FsServerDefaults.from_dict(d.pop("FsServerDefaults"))

        get_server_defaults_response_200 = cls(
            fs_server_defaults=fs_server_defaults,
        )

        get_server_defaults_response_200.additional_properties = d
        return get_server_defaults_response_200

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
