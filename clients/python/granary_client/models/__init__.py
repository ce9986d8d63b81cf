"""Contains all the data models used in inputs/outputs"""

from .acceptance import Acceptance
from .access import Access
from .acl_status import AclStatus
from .audit_entry import AuditEntry
from .audit_entry_outcome import AuditEntryOutcome
from .audit_page import AuditPage
from .batch_member import BatchMember
from .batch_problem import BatchProblem
from .batch_read import BatchRead
from .batch_written import BatchWritten
from .block_location import BlockLocation
from .block_storage_policy import BlockStoragePolicy
from .boolean import Boolean
from .content_summary import ContentSummary
from .content_summary_type_quota import ContentSummaryTypeQuota
from .dataset import Dataset
from .dataset_change import DatasetChange
from .dataset_page import DatasetPage
from .detail_quota import DetailQuota
from .detail_quota_types import DetailQuotaTypes
from .detail_share import DetailShare
from .directory_listing import DirectoryListing
from .directory_listing_partial_listing import DirectoryListingPartialListing
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
from .get_x_attrs_encoding import GetXAttrsEncoding
from .get_x_attrs_response_200 import GetXAttrsResponse200
from .hit import Hit
from .hit_in import HitIn
from .hit_kind import HitKind
from .hit_page import HitPage
from .hit_tags import HitTags
from .job import Job
from .job_failure import JobFailure
from .job_kind import JobKind
from .job_page import JobPage
from .job_state import JobState
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
from .new_dataset import NewDataset
from .new_job import NewJob
from .new_job_kind import NewJobKind
from .new_link import NewLink
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
from .problem import Problem
from .project import Project
from .project_change import ProjectChange
from .project_page import ProjectPage
from .project_role import ProjectRole
from .quota import Quota
from .quota_usage import QuotaUsage
from .quota_usage_type_quota import QuotaUsageTypeQuota
from .readme import Readme
from .request import Request
from .request_page import RequestPage
from .search_kind import SearchKind
from .service_account import ServiceAccount
from .service_account_page import ServiceAccountPage
from .set_quota_by_storage_type_storagetype import SetQuotaByStorageTypeStoragetype
from .set_storage_policy_storagepolicy import SetStoragePolicyStoragepolicy
from .share import Share
from .share_level import ShareLevel
from .share_page import SharePage
from .share_state import ShareState
from .sign_in import SignIn
from .step import Step
from .token import Token
from .token_kind import TokenKind
from .token_page import TokenPage
from .token_verbs_item import TokenVerbsItem
from .trash_root import TrashRoot
from .web_session import WebSession
from .web_session_page import WebSessionPage
from .x_attr import XAttr

__all__ = (
    "Acceptance",
    "Access",
    "AclStatus",
    "AuditEntry",
    "AuditEntryOutcome",
    "AuditPage",
    "BatchMember",
    "BatchProblem",
    "BatchRead",
    "BatchWritten",
    "BlockLocation",
    "BlockStoragePolicy",
    "Boolean",
    "ContentSummary",
    "ContentSummaryTypeQuota",
    "Dataset",
    "DatasetChange",
    "DatasetPage",
    "DetailQuota",
    "DetailQuotaTypes",
    "DetailShare",
    "DirectoryListing",
    "DirectoryListingPartialListing",
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
    "GetXAttrsEncoding",
    "GetXAttrsResponse200",
    "Hit",
    "HitIn",
    "HitKind",
    "HitPage",
    "HitTags",
    "Job",
    "JobFailure",
    "JobKind",
    "JobPage",
    "JobState",
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
    "NewDataset",
    "NewJob",
    "NewJobKind",
    "NewLink",
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
    "Problem",
    "Project",
    "ProjectChange",
    "ProjectPage",
    "ProjectRole",
    "Quota",
    "QuotaUsage",
    "QuotaUsageTypeQuota",
    "Readme",
    "Request",
    "RequestPage",
    "SearchKind",
    "ServiceAccount",
    "ServiceAccountPage",
    "SetQuotaByStorageTypeStoragetype",
    "SetStoragePolicyStoragepolicy",
    "Share",
    "ShareLevel",
    "SharePage",
    "ShareState",
    "SignIn",
    "Step",
    "Token",
    "TokenKind",
    "TokenPage",
    "TokenVerbsItem",
    "TrashRoot",
    "WebSession",
    "WebSessionPage",
    "XAttr",
)
