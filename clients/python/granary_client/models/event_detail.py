from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
        admin (bool | Unset): The user is a superuser, or no longer.
        archived (bool | Unset):
        atime (int | Unset): Milliseconds since 1970.
        description (str | Unset):
        dir_ (bool | Unset): It is, or was, a directory.
        expires (datetime.datetime | Unset): When the token ends.
        group (str | Unset):
        groups (list[str] | Unset): The user's new groups; for set mapped groups, those from a provider.
        identity (str | Unset): At an OpenID provider.
        kind (str | Unset): Of the token; absent for a token with a life of at most an hour, which is not listed.
        listed (bool | Unset):
        made (str | Unset): The topmost of the missing parent directories that were created.
        member (str | Unset): Whose role changed, or whose request ended.
        mode (str | Unset): Octal.
        mtime (int | Unset): Milliseconds since 1970.
        owner (str | Unset):
        policy (str | Unset): The storage policy; empty: that of the directory above.
        project (str | Unset): The project that was created or removed.
        public (bool | Unset):
        quota (DetailQuota | Unset):
        replaced (int | Unset): The fileId of what was replaced.
        replication (int | Unset):
        role (str | Unset): The new role of the member.
        root (int | Unset): The fileId of the directory that the token is limited to.
        share (DetailShare | Unset):
        size (int | Unset): Size of the file in bytes after the change; for a deletion, before it.
        sources (list[str] | Unset): Of a concat, a copy, a zip or an unzip.
        tags (EventDetailTags | Unset): Tags that were set, with their values.
        token (str | Unset): The id of the token, session or link.
        trash (str | Unset): Where the replaced entry is now; absent if it was deleted.
        untagged (list[str] | Unset): The keys of tags that were removed.
        user (str | Unset): Only in the audit log, like everything that follows: the user that it was done to.
        xattr (str | Unset): The attribute's name.
    """

    acl: str | Unset = UNSET
    added: int | Unset = UNSET
    admin: bool | Unset = UNSET
    archived: bool | Unset = UNSET
    atime: int | Unset = UNSET
    description: str | Unset = UNSET
    dir_: bool | Unset = UNSET
    expires: datetime.datetime | Unset = UNSET
    group: str | Unset = UNSET
    groups: list[str] | Unset = UNSET
    identity: str | Unset = UNSET
    kind: str | Unset = UNSET
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
    root: int | Unset = UNSET
    share: DetailShare | Unset = UNSET
    size: int | Unset = UNSET
    sources: list[str] | Unset = UNSET
    tags: EventDetailTags | Unset = UNSET
    token: str | Unset = UNSET
    trash: str | Unset = UNSET
    untagged: list[str] | Unset = UNSET
    user: str | Unset = UNSET
    xattr: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        acl = self.acl

        added = self.added

        admin = self.admin

        archived = self.archived

        atime = self.atime

        description = self.description

        dir_ = self.dir_

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        group = self.group

        groups: list[str] | Unset = UNSET
        if not isinstance(self.groups, Unset):
            groups = self.groups

        identity = self.identity

        kind = self.kind

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

        root = self.root

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

        token = self.token

        trash = self.trash

        untagged: list[str] | Unset = UNSET
        if not isinstance(self.untagged, Unset):
            untagged = self.untagged

        user = self.user

        xattr = self.xattr

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if acl is not UNSET:
            field_dict["acl"] = acl
        if added is not UNSET:
            field_dict["added"] = added
        if admin is not UNSET:
            field_dict["admin"] = admin
        if archived is not UNSET:
            field_dict["archived"] = archived
        if atime is not UNSET:
            field_dict["atime"] = atime
        if description is not UNSET:
            field_dict["description"] = description
        if dir_ is not UNSET:
            field_dict["dir"] = dir_
        if expires is not UNSET:
            field_dict["expires"] = expires
        if group is not UNSET:
            field_dict["group"] = group
        if groups is not UNSET:
            field_dict["groups"] = groups
        if identity is not UNSET:
            field_dict["identity"] = identity
        if kind is not UNSET:
            field_dict["kind"] = kind
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
        if root is not UNSET:
            field_dict["root"] = root
        if share is not UNSET:
            field_dict["share"] = share
        if size is not UNSET:
            field_dict["size"] = size
        if sources is not UNSET:
            field_dict["sources"] = sources
        if tags is not UNSET:
            field_dict["tags"] = tags
        if token is not UNSET:
            field_dict["token"] = token
        if trash is not UNSET:
            field_dict["trash"] = trash
        if untagged is not UNSET:
            field_dict["untagged"] = untagged
        if user is not UNSET:
            field_dict["user"] = user
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

        admin = d.pop("admin", UNSET)

        archived = d.pop("archived", UNSET)

        atime = d.pop("atime", UNSET)

        description = d.pop("description", UNSET)

        dir_ = d.pop("dir", UNSET)

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        group = d.pop("group", UNSET)

        groups = cast(list[str], d.pop("groups", UNSET))

        identity = d.pop("identity", UNSET)

        kind = d.pop("kind", UNSET)

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

        root = d.pop("root", UNSET)

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

        token = d.pop("token", UNSET)

        trash = d.pop("trash", UNSET)

        untagged = cast(list[str], d.pop("untagged", UNSET))

        user = d.pop("user", UNSET)

        xattr = d.pop("xattr", UNSET)

        event_detail = cls(
            acl=acl,
            added=added,
            admin=admin,
            archived=archived,
            atime=atime,
            description=description,
            dir_=dir_,
            expires=expires,
            group=group,
            groups=groups,
            identity=identity,
            kind=kind,
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
            root=root,
            share=share,
            size=size,
            sources=sources,
            tags=tags,
            token=token,
            trash=trash,
            untagged=untagged,
            user=user,
            xattr=xattr,
        )

        event_detail.additional_properties = d
        return event_detail

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
