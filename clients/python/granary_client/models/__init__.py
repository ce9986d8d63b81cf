"""Contains all the data models used in inputs/outputs"""

from .acceptance import Acceptance
from .access import Access
from .access_beside import AccessBeside
from .access_change import AccessChange
from .access_changes import AccessChanges
from .access_entry import AccessEntry
from .access_entry_type import AccessEntryType
from .access_key import AccessKey
from .access_key_type import AccessKeyType
from .access_outcome import AccessOutcome
from .access_outcomes import AccessOutcomes
from .access_paths import AccessPaths
from .access_preview import AccessPreview
from .access_state import AccessState
from .access_target import AccessTarget
from .access_trial import AccessTrial
from .acl_status import AclStatus
from .archive_format import ArchiveFormat
from .archive_unreadable import ArchiveUnreadable
from .audit_entry import AuditEntry
from .audit_entry_credential_kind import AuditEntryCredentialKind
from .audit_entry_outcome import AuditEntryOutcome
from .audit_page import AuditPage
from .batch_member import BatchMember
from .batch_problem import BatchProblem
from .batch_read import BatchRead
from .batch_written import BatchWritten
from .begin_upload_if_none_match import BeginUploadIfNoneMatch
from .block_location import BlockLocation
from .block_storage_policy import BlockStoragePolicy
from .blocks import Blocks
from .boolean import Boolean
from .content_summary import ContentSummary
from .content_summary_type_quota import ContentSummaryTypeQuota
from .continue_upload_if_none_match import ContinueUploadIfNoneMatch
from .dataset import Dataset
from .dataset_change import DatasetChange
from .dataset_page import DatasetPage
from .detail_quota import DetailQuota
from .detail_quota_types import DetailQuotaTypes
from .detail_share import DetailShare
from .directory import Directory
from .directory_listing import DirectoryListing
from .directory_listing_partial_listing import DirectoryListingPartialListing
from .directory_page import DirectoryPage
from .download_link import DownloadLink
from .download_link_page import DownloadLinkPage
from .effective_access import EffectiveAccess
from .event import Event
from .event_detail import EventDetail
from .event_detail_tags import EventDetailTags
from .events import Events
from .explain_access_action import ExplainAccessAction
from .explanation import Explanation
from .explanation_action import ExplanationAction
from .file_checksum import FileChecksum
from .file_status import FileStatus
from .file_status_type import FileStatusType
from .file_statuses import FileStatuses
from .found import Found
from .found_page import FoundPage
from .fs_server_defaults import FsServerDefaults
from .fs_status import FsStatus
from .get_acl_status_response_200 import GetAclStatusResponse200
from .get_all_storage_policy_response_200 import GetAllStoragePolicyResponse200
from .get_all_storage_policy_response_200_block_storage_policies import GetAllStoragePolicyResponse200BlockStoragePolicies
from .get_content_summary_response_200 import GetContentSummaryResponse200
from .get_file_block_locations_response_200 import GetFileBlockLocationsResponse200
from .get_file_block_locations_response_200_block_locations import GetFileBlockLocationsResponse200BlockLocations
from .get_file_checksum_response_200 import GetFileChecksumResponse200
from .get_file_status_response_200 import GetFileStatusResponse200
from .get_home_directory_response_200 import GetHomeDirectoryResponse200
from .get_quota_usage_response_200 import GetQuotaUsageResponse200
from .get_server_defaults_response_200 import GetServerDefaultsResponse200
from .get_status_response_200 import GetStatusResponse200
from .get_storage_policy_response_200 import GetStoragePolicyResponse200
from .get_trash_root_response_200 import GetTrashRootResponse200
from .get_trash_roots_response_200 import GetTrashRootsResponse200
from .get_upload_if_match import GetUploadIfMatch
from .get_upload_if_none_match import GetUploadIfNoneMatch
from .get_x_attrs_encoding import GetXAttrsEncoding
from .get_x_attrs_response_200 import GetXAttrsResponse200
from .has_runs import HasRuns
from .hit import Hit
from .hit_in import HitIn
from .hit_kind import HitKind
from .hit_page import HitPage
from .hit_tags import HitTags
from .image_of_run import ImageOfRun
from .image_of_run_list import ImageOfRunList
from .image_of_run_type import ImageOfRunType
from .job import Job
from .job_failure import JobFailure
from .job_kind import JobKind
from .job_page import JobPage
from .job_state import JobState
from .known_users import KnownUsers
from .label_change import LabelChange
from .label_change_set import LabelChangeSet
from .labels import Labels
from .labels_tags import LabelsTags
from .list_status_batch_response_200 import ListStatusBatchResponse200
from .list_status_response_200 import ListStatusResponse200
from .list_x_attrs_response_200 import ListXAttrsResponse200
from .made_link import MadeLink
from .made_token import MadeToken
from .made_token_kind import MadeTokenKind
from .made_token_verbs_item import MadeTokenVerbsItem
from .me import Me
from .member import Member
from .member_page import MemberPage
from .member_role import MemberRole
from .new_access_entry import NewAccessEntry
from .new_access_entry_type import NewAccessEntryType
from .new_dataset import NewDataset
from .new_job import NewJob
from .new_job_kind import NewJobKind
from .new_link import NewLink
from .new_password import NewPassword
from .new_project import NewProject
from .new_request import NewRequest
from .new_role import NewRole
from .new_role_role import NewRoleRole
from .new_service_account import NewServiceAccount
from .new_service_account_role import NewServiceAccountRole
from .new_share import NewShare
from .new_share_level import NewShareLevel
from .new_token import NewToken
from .new_token_kind import NewTokenKind
from .new_token_verbs_item import NewTokenVerbsItem
from .new_user import NewUser
from .non_finite import NonFinite
from .non_finite_value import NonFiniteValue
from .open_mediatype import OpenMediatype
from .problem import Problem
from .project import Project
from .project_change import ProjectChange
from .project_page import ProjectPage
from .project_record import ProjectRecord
from .project_record_page import ProjectRecordPage
from .project_record_role import ProjectRecordRole
from .project_role import ProjectRole
from .quota import Quota
from .quota_usage import QuotaUsage
from .quota_usage_type_quota import QuotaUsageTypeQuota
from .readme import Readme
from .request import Request
from .request_page import RequestPage
from .run import Run
from .run_list import RunList
from .run_tag import RunTag
from .run_tag_list import RunTagList
from .search_kind import SearchKind
from .series import Series
from .series_list import SeriesList
from .server_seen import ServerSeen
from .service_account import ServiceAccount
from .service_account_page import ServiceAccountPage
from .set_quota_by_storage_type_storagetype import SetQuotaByStorageTypeStoragetype
from .set_storage_policy_storagepolicy import SetStoragePolicyStoragepolicy
from .share import Share
from .share_level import ShareLevel
from .share_page import SharePage
from .share_state import ShareState
from .sign_in import SignIn
from .sign_in_ways import SignInWays
from .size import Size
from .sizes import Sizes
from .step import Step
from .store_state import StoreState
from .system import System
from .system_check import SystemCheck
from .token import Token
from .token_kind import TokenKind
from .token_page import TokenPage
from .token_verbs_item import TokenVerbsItem
from .trash_root import TrashRoot
from .upkeep import Upkeep
from .upload import Upload
from .user import User
from .user_change import UserChange
from .user_page import UserPage
from .web_session import WebSession
from .web_session_page import WebSessionPage
from .x_attr import XAttr

__all__ = (
    "Acceptance",
    "Access",
    "AccessBeside",
    "AccessChange",
    "AccessChanges",
    "AccessEntry",
    "AccessEntryType",
    "AccessKey",
    "AccessKeyType",
    "AccessOutcome",
    "AccessOutcomes",
    "AccessPaths",
    "AccessPreview",
    "AccessState",
    "AccessTarget",
    "AccessTrial",
    "AclStatus",
    "ArchiveFormat",
    "ArchiveUnreadable",
    "AuditEntry",
    "AuditEntryCredentialKind",
    "AuditEntryOutcome",
    "AuditPage",
    "BatchMember",
    "BatchProblem",
    "BatchRead",
    "BatchWritten",
    "BeginUploadIfNoneMatch",
    "BlockLocation",
    "Blocks",
    "BlockStoragePolicy",
    "Boolean",
    "ContentSummary",
    "ContentSummaryTypeQuota",
    "ContinueUploadIfNoneMatch",
    "Dataset",
    "DatasetChange",
    "DatasetPage",
    "DetailQuota",
    "DetailQuotaTypes",
    "DetailShare",
    "Directory",
    "DirectoryListing",
    "DirectoryListingPartialListing",
    "DirectoryPage",
    "DownloadLink",
    "DownloadLinkPage",
    "EffectiveAccess",
    "Event",
    "EventDetail",
    "EventDetailTags",
    "Events",
    "ExplainAccessAction",
    "Explanation",
    "ExplanationAction",
    "FileChecksum",
    "FileStatus",
    "FileStatuses",
    "FileStatusType",
    "Found",
    "FoundPage",
    "FsServerDefaults",
    "FsStatus",
    "GetAclStatusResponse200",
    "GetAllStoragePolicyResponse200",
    "GetAllStoragePolicyResponse200BlockStoragePolicies",
    "GetContentSummaryResponse200",
    "GetFileBlockLocationsResponse200",
    "GetFileBlockLocationsResponse200BlockLocations",
    "GetFileChecksumResponse200",
    "GetFileStatusResponse200",
    "GetHomeDirectoryResponse200",
    "GetQuotaUsageResponse200",
    "GetServerDefaultsResponse200",
    "GetStatusResponse200",
    "GetStoragePolicyResponse200",
    "GetTrashRootResponse200",
    "GetTrashRootsResponse200",
    "GetUploadIfMatch",
    "GetUploadIfNoneMatch",
    "GetXAttrsEncoding",
    "GetXAttrsResponse200",
    "HasRuns",
    "Hit",
    "HitIn",
    "HitKind",
    "HitPage",
    "HitTags",
    "ImageOfRun",
    "ImageOfRunList",
    "ImageOfRunType",
    "Job",
    "JobFailure",
    "JobKind",
    "JobPage",
    "JobState",
    "KnownUsers",
    "LabelChange",
    "LabelChangeSet",
    "Labels",
    "LabelsTags",
    "ListStatusBatchResponse200",
    "ListStatusResponse200",
    "ListXAttrsResponse200",
    "MadeLink",
    "MadeToken",
    "MadeTokenKind",
    "MadeTokenVerbsItem",
    "Me",
    "Member",
    "MemberPage",
    "MemberRole",
    "NewAccessEntry",
    "NewAccessEntryType",
    "NewDataset",
    "NewJob",
    "NewJobKind",
    "NewLink",
    "NewPassword",
    "NewProject",
    "NewRequest",
    "NewRole",
    "NewRoleRole",
    "NewServiceAccount",
    "NewServiceAccountRole",
    "NewShare",
    "NewShareLevel",
    "NewToken",
    "NewTokenKind",
    "NewTokenVerbsItem",
    "NewUser",
    "NonFinite",
    "NonFiniteValue",
    "OpenMediatype",
    "Problem",
    "Project",
    "ProjectChange",
    "ProjectPage",
    "ProjectRecord",
    "ProjectRecordPage",
    "ProjectRecordRole",
    "ProjectRole",
    "Quota",
    "QuotaUsage",
    "QuotaUsageTypeQuota",
    "Readme",
    "Request",
    "RequestPage",
    "Run",
    "RunList",
    "RunTag",
    "RunTagList",
    "SearchKind",
    "Series",
    "SeriesList",
    "ServerSeen",
    "ServiceAccount",
    "ServiceAccountPage",
    "SetQuotaByStorageTypeStoragetype",
    "SetStoragePolicyStoragepolicy",
    "Share",
    "ShareLevel",
    "SharePage",
    "ShareState",
    "SignIn",
    "SignInWays",
    "Size",
    "Sizes",
    "Step",
    "StoreState",
    "System",
    "SystemCheck",
    "Token",
    "TokenKind",
    "TokenPage",
    "TokenVerbsItem",
    "TrashRoot",
    "Upkeep",
    "Upload",
    "User",
    "UserChange",
    "UserPage",
    "WebSession",
    "WebSessionPage",
    "XAttr",
)
