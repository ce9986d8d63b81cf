from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.block_storage_policy import BlockStoragePolicy


T = TypeVar("T", bound="GetAllStoragePolicyResponse200BlockStoragePolicies")


@_attrs_define
class GetAllStoragePolicyResponse200BlockStoragePolicies:
    """
    Attributes:
        block_storage_policy (list[BlockStoragePolicy]):
    """

    block_storage_policy: list[BlockStoragePolicy]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_storage_policy = []
        for block_storage_policy_item_data in self.block_storage_policy:
            block_storage_policy_item = block_storage_policy_item_data.to_dict()
            block_storage_policy.append(block_storage_policy_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "BlockStoragePolicy": block_storage_policy,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_storage_policy import BlockStoragePolicy  # noqa: PLC0415

        d = dict(src_dict)
        block_storage_policy = []
        _block_storage_policy = d.pop("BlockStoragePolicy")
        for block_storage_policy_item_data in _block_storage_policy:
            block_storage_policy_item = BlockStoragePolicy.from_dict(block_storage_policy_item_data)

            block_storage_policy.append(block_storage_policy_item)

        get_all_storage_policy_response_200_block_storage_policies = cls(
            block_storage_policy=block_storage_policy,
        )

        get_all_storage_policy_response_200_block_storage_policies.additional_properties = d
        return get_all_storage_policy_response_200_block_storage_policies

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
