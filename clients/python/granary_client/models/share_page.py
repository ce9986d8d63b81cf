from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

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

        return share_page
