from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.share import Share


T = TypeVar("T", bound="SharePage")


@_attrs_define
class SharePage:
    """
    Attributes:
        given (list[Share]):
        received (list[Share]):
        next_ (str | Unset): What to give as after for the next page; absent on the last.
    """

    given: list[Share]
    received: list[Share]
    next_: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        given = []
        for given_item_data in self.given:
            given_item = given_item_data.to_dict()
            given.append(given_item)

        received = []
        for received_item_data in self.received:
            received_item = received_item_data.to_dict()
            received.append(received_item)

        next_ = self.next_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "given": given,
                "received": received,
            }
        )
        if next_ is not UNSET:
            field_dict["next"] = next_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.share import Share  # noqa: PLC0415

        d = dict(src_dict)
        given = []
        _given = d.pop("given")
        for given_item_data in _given:
            given_item = Share.from_dict(given_item_data)

            given.append(given_item)

        received = []
        _received = d.pop("received")
        for received_item_data in _received:
            received_item = Share.from_dict(received_item_data)

            received.append(received_item)

        next_ = d.pop("next", UNSET)

        share_page = cls(
            given=given,
            received=received,
            next_=next_,
        )

        share_page.additional_properties = d
        return share_page

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
