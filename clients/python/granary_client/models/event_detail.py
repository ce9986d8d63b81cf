from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.detail_quota import DetailQuota
    from ..models.detail_share import DetailShare
    from ..models.event_detail_tags import EventDetailTags


T = TypeVar("T", bound="EventDetail")


@_attrs_define
class EventDetail:
    """
    Attributes:
        acl (str | Unset): The entries, separated by commas; empty: none are left.
        added (int | Unset): Bytes that were appended.
        archived (bool | Unset):
        atime (int | Unset): Milliseconds since 1970.
        description (str | Unset):
        dir_ (bool | Unset): It is, or was, a directory.
        group (str | Unset):
        listed (bool | Unset):
        made (str | Unset): The topmost of the directories that were made on the way.
        member (str | Unset): Whose role changed, or whose request ended.
        mode (str | Unset): Octal.
        mtime (int | Unset): Milliseconds since 1970.
        owner (str | Unset):
        policy (str | Unset): The storage policy; empty: that of the directory above.
        project (str | Unset): That comes or goes.
        public (bool | Unset):
        quota (DetailQuota | Unset):
        replaced (int | Unset): The fileId of what gave way.
        replication (int | Unset):
        role (str | Unset): That the member has now.
        share (DetailShare | Unset):
        size (int | Unset): Bytes of the file afterwards; of a file that was deleted, before.
        sources (list[str] | Unset): Of a concat, a copy, a zip or an unzip.
        tags (EventDetailTags | Unset): Tags that were set, with their values.
        trash (str | Unset): Where what gave way is now; absent if it was deleted.
        untagged (list[str] | Unset): The keys of tags that were removed.
        xattr (str | Unset): The attribute's name.
    """

    acl: str | Unset = UNSET
    added: int | Unset = UNSET
    archived: bool | Unset = UNSET
    atime: int | Unset = UNSET
    description: str | Unset = UNSET
    dir_: bool | Unset = UNSET
    group: str | Unset = UNSET
    listed: bool | Unset = UNSET
    made: str | Unset = UNSET
    member: str | Unset = UNSET
    mode: str | Unset = UNSET
    mtime: int | Unset = UNSET
    owner: str | Unset = UNSET
    policy: str | Unset = UNSET
    project: str | Unset = UNSET
    public: bool | Unset = UNSET
    quota: DetailQuota | Unset = UNSET
    replaced: int | Unset = UNSET
    replication: int | Unset = UNSET
    role: str | Unset = UNSET
    share: DetailShare | Unset = UNSET
    size: int | Unset = UNSET
    sources: list[str] | Unset = UNSET
    tags: EventDetailTags | Unset = UNSET
    trash: str | Unset = UNSET
    untagged: list[str] | Unset = UNSET
    xattr: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        acl = self.acl

        added = self.added

        archived = self.archived

        atime = self.atime

        description = self.description

        dir_ = self.dir_

        group = self.group

        listed = self.listed

        made = self.made

        member = self.member

        mode = self.mode

        mtime = self.mtime

        owner = self.owner

        policy = self.policy

        project = self.project

        public = self.public

        quota: dict[str, Any] | Unset = UNSET
        if not isinstance(self.quota, Unset):
            quota = self.quota.to_dict()

        replaced = self.replaced

        replication = self.replication

        role = self.role

        share: dict[str, Any] | Unset = UNSET
        if not isinstance(self.share, Unset):
            share = self.share.to_dict()

        size = self.size

        sources: list[str] | Unset = UNSET
        if not isinstance(self.sources, Unset):
            sources = self.sources

        tags: dict[str, Any] | Unset = UNSET
        if not isinstance(self.tags, Unset):
            tags = self.tags.to_dict()

        trash = self.trash

        untagged: list[str] | Unset = UNSET
        if not isinstance(self.untagged, Unset):
            untagged = self.untagged

        xattr = self.xattr

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if acl is not UNSET:
            field_dict["acl"] = acl
        if added is not UNSET:
            field_dict["added"] = added
        if archived is not UNSET:
            field_dict["archived"] = archived
        if atime is not UNSET:
            field_dict["atime"] = atime
        if description is not UNSET:
            field_dict["description"] = description
        if dir_ is not UNSET:
            field_dict["dir"] = dir_
        if group is not UNSET:
            field_dict["group"] = group
        if listed is not UNSET:
            field_dict["listed"] = listed
        if made is not UNSET:
            field_dict["made"] = made
        if member is not UNSET:
            field_dict["member"] = member
        if mode is not UNSET:
            field_dict["mode"] = mode
        if mtime is not UNSET:
            field_dict["mtime"] = mtime
        if owner is not UNSET:
            field_dict["owner"] = owner
        if policy is not UNSET:
            field_dict["policy"] = policy
        if project is not UNSET:
            field_dict["project"] = project
        if public is not UNSET:
            field_dict["public"] = public
        if quota is not UNSET:
            field_dict["quota"] = quota
        if replaced is not UNSET:
            field_dict["replaced"] = replaced
        if replication is not UNSET:
            field_dict["replication"] = replication
        if role is not UNSET:
            field_dict["role"] = role
        if share is not UNSET:
            field_dict["share"] = share
        if size is not UNSET:
            field_dict["size"] = size
        if sources is not UNSET:
            field_dict["sources"] = sources
        if tags is not UNSET:
            field_dict["tags"] = tags
        if trash is not UNSET:
            field_dict["trash"] = trash
        if untagged is not UNSET:
            field_dict["untagged"] = untagged
        if xattr is not UNSET:
            field_dict["xattr"] = xattr

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.detail_quota import DetailQuota  # noqa: PLC0415
        from ..models.detail_share import DetailShare  # noqa: PLC0415
        from ..models.event_detail_tags import EventDetailTags  # noqa: PLC0415

        d = dict(src_dict)
        acl = d.pop("acl", UNSET)

        added = d.pop("added", UNSET)

        archived = d.pop("archived", UNSET)

        atime = d.pop("atime", UNSET)

        description = d.pop("description", UNSET)

        dir_ = d.pop("dir", UNSET)

        group = d.pop("group", UNSET)

        listed = d.pop("listed", UNSET)

        made = d.pop("made", UNSET)

        member = d.pop("member", UNSET)

        mode = d.pop("mode", UNSET)

        mtime = d.pop("mtime", UNSET)

        owner = d.pop("owner", UNSET)

        policy = d.pop("policy", UNSET)

        project = d.pop("project", UNSET)

        public = d.pop("public", UNSET)

        _quota = d.pop("quota", UNSET)
        quota: DetailQuota | Unset
        if isinstance(_quota, Unset):
            quota = UNSET
        else:
            quota = DetailQuota.from_dict(_quota)

        replaced = d.pop("replaced", UNSET)

        replication = d.pop("replication", UNSET)

        role = d.pop("role", UNSET)

        _share = d.pop("share", UNSET)
        share: DetailShare | Unset
        if isinstance(_share, Unset):
            share = UNSET
        else:
            share = DetailShare.from_dict(_share)

        size = d.pop("size", UNSET)

        sources = cast(list[str], d.pop("sources", UNSET))

        _tags = d.pop("tags", UNSET)
        tags: EventDetailTags | Unset
        if isinstance(_tags, Unset):
            tags = UNSET
        else:
            tags = EventDetailTags.from_dict(_tags)

        trash = d.pop("trash", UNSET)

        untagged = cast(list[str], d.pop("untagged", UNSET))

        xattr = d.pop("xattr", UNSET)

        event_detail = cls(
            acl=acl,
            added=added,
            archived=archived,
            atime=atime,
            description=description,
            dir_=dir_,
            group=group,
            listed=listed,
            made=made,
            member=member,
            mode=mode,
            mtime=mtime,
            owner=owner,
            policy=policy,
            project=project,
            public=public,
            quota=quota,
            replaced=replaced,
            replication=replication,
            role=role,
            share=share,
            size=size,
            sources=sources,
            tags=tags,
            trash=trash,
            untagged=untagged,
            xattr=xattr,
        )

        return event_detail
