from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.content_summary import ContentSummary


T = TypeVar("T", bound="GetContentSummaryResponse200")


@_attrs_define
class GetContentSummaryResponse200:
    """
    Attributes:
        content_summary (ContentSummary):
    """

    content_summary: ContentSummary
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content_summary = self.content_summary.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ContentSummary": content_summary,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.content_summary import ContentSummary  # noqa: PLC0415

        d = dict(src_dict)
        content_summary = ContentSummary.from_dict(d.pop("ContentSummary"))

        get_content_summary_response_200 = cls(
            content_summary=content_summary,
        )

        get_content_summary_response_200.additional_properties = d
        return get_content_summary_response_200

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
