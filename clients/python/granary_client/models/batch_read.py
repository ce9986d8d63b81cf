from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BatchRead")


@_attrs_define
class BatchRead:
    """
    Attributes:
        directory (str | Unset): Instead of paths: an absolute path of a directory. Its files are read, each directory
            in the byte order of its names; 100,000 at most.
        part (int | Unset): With parts: which of them is read, from 0 on.
        parts (int | Unset): The number of parts into which the shuffled files are divided, one for each worker.
        paths (list[str] | Unset): Absolute paths, in the order in which the files are wanted. A path may be repeated.
        pattern (str | Unset): With directory: only files whose names match this pattern, in which * stands for any
            characters, ? for one, and [a-z] for one of these.
        recursive (bool | Unset): With directory: also the files of all directories below it, other than the trash.
        samples (bool | Unset): Files of one directory whose names are the same up to the first dot, such as 17.jpg and
            17.cls, are one sample, as for WebDataset: they come together, in the place of the first, and are shuffled and
            divided as one.
        shuffle (int | Unset): A seed. The files come in a random order that is the same for the same files and the same
            seed.
    """

    directory: str | Unset = UNSET
    part: int | Unset = UNSET
    parts: int | Unset = UNSET
    paths: list[str] | Unset = UNSET
    pattern: str | Unset = UNSET
    recursive: bool | Unset = UNSET
    samples: bool | Unset = UNSET
    shuffle: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        directory = self.directory

        part = self.part

        parts = self.parts

        paths: list[str] | Unset = UNSET
        if not isinstance(self.paths, Unset):
            paths = self.paths

        pattern = self.pattern

        recursive = self.recursive

        samples = self.samples

        shuffle = self.shuffle

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if directory is not UNSET:
            field_dict["directory"] = directory
        if part is not UNSET:
            field_dict["part"] = part
        if parts is not UNSET:
            field_dict["parts"] = parts
        if paths is not UNSET:
            field_dict["paths"] = paths
        if pattern is not UNSET:
            field_dict["pattern"] = pattern
        if recursive is not UNSET:
            field_dict["recursive"] = recursive
        if samples is not UNSET:
            field_dict["samples"] = samples
        if shuffle is not UNSET:
            field_dict["shuffle"] = shuffle

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        directory = d.pop("directory", UNSET)

        part = d.pop("part", UNSET)

        parts = d.pop("parts", UNSET)

        paths = cast(list[str], d.pop("paths", UNSET))

        pattern = d.pop("pattern", UNSET)

        recursive = d.pop("recursive", UNSET)

        samples = d.pop("samples", UNSET)

        shuffle = d.pop("shuffle", UNSET)

        batch_read = cls(
            directory=directory,
            part=part,
            parts=parts,
            paths=paths,
            pattern=pattern,
            recursive=recursive,
            samples=samples,
            shuffle=shuffle,
        )

        return batch_read
