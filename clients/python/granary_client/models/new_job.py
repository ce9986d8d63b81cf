from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.new_job_kind import NewJobKind

T = TypeVar("T", bound="NewJob")


@_attrs_define
class NewJob:
    """
    Attributes:
        kind (NewJobKind): copy: a file, or a directory with all that is in it, to the target; zip: files and
            directories, each under its own name, into the target, a file; unzip: a file into the target, a directory.
        sources (list[str]): Absolute paths: one, or of a zip up to a thousand.
        target (str): Absolute path that does not exist yet, in a directory that exists.
    """

    kind: NewJobKind
    sources: list[str]
    target: str

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        sources = self.sources

        target = self.target

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "sources": sources,
                "target": target,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = NewJobKind(d.pop("kind"))

        sources = cast(list[str], d.pop("sources"))

        target = d.pop("target")

        new_job = cls(
            kind=kind,
            sources=sources,
            target=target,
        )

        return new_job
