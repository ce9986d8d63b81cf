from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.share import Share


T = TypeVar("T", bound="Shares")


@_attrs_define
class Shares:
    """
    Attributes:
        given (list[Share]):
        received (list[Share]):
    """

    given: list[Share]
    received: list[Share]

    def to_dict(self) -> dict[str, Any]:
        given = []
        for given_item_data in self.given:
            given_item = given_item_data.to_dict()
            given.append(given_item)

        received = []
        for received_item_data in self.received:
            received_item = received_item_data.to_dict()
            received.append(received_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "given": given,
                "received": received,
            }
        )

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

        shares = cls(
            given=given,
            received=received,
        )

        return shares
