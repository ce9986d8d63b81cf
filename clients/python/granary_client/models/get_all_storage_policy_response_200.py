from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.get_all_storage_policy_response_200_block_storage_policies import (
        GetAllStoragePolicyResponse200BlockStoragePolicies,
    )


T = TypeVar("T", bound="GetAllStoragePolicyResponse200")


@_attrs_define
class GetAllStoragePolicyResponse200:
    """
    Attributes:
        block_storage_policies (GetAllStoragePolicyResponse200BlockStoragePolicies):
    """

    block_storage_policies: GetAllStoragePolicyResponse200BlockStoragePolicies
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_storage_policies = self.block_storage_policies.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "BlockStoragePolicies": block_storage_policies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.get_all_storage_policy_response_200_block_storage_policies import (
            GetAllStoragePolicyResponse200BlockStoragePolicies,  # noqa: PLC0415
        )

        d = dict(src_dict)
        block_storage_policies = GetAllStoragePolicyResponse200BlockStoragePolicies.from_dict(d.pop("BlockStoragePolicies"))

        get_all_storage_policy_response_200 = cls(
            block_storage_policies=block_storage_policies,
        )

        get_all_storage_policy_response_200.additional_properties = d
        return get_all_storage_policy_response_200

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
