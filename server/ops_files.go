package server

import (
	"net/http"

	"granary/openapi"
)

// fileOps are the operations on names, content and rights that every client uses, in the order of HDFS's documentation.
var fileOps = []op{
	{
		Operation: openapi.Operation{
			Name: "OPEN", ID: "open", Method: http.MethodGet, Conditional: true, Summary: "Read a file, or a range of it.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The bytes.", Binary: true, Kinds: mediaTypes, Tagged: true},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "offset=7&length=5", Reply: "world"},
		},
		params: []parameter{offset, length, bufferSize, mediaType, noRedirect}, hop: readHop, handle: (*call).open,
	},
	{
		Operation: openapi.Operation{
			Name: "GETFILESTATUS", ID: "getFileStatus", Method: http.MethodGet, Summary: "Describe a file or directory.",
			Reply: openapi.Reply{Status: http.StatusOK, Doc: "The status; its pathSuffix is empty.", Schema: object("FileStatus", ref("FileStatus"))},
			Example: openapi.Example{
				Path:  "/example/hello.txt",
				Reply: `{"FileStatus":` + exampleStatus("") + `}`,
			},
		},
		handle: (*call).getFileStatus,
	},
	{
		Operation: openapi.Operation{
			Name: "LISTSTATUS", ID: "listStatus", Method: http.MethodGet,
			Summary: "List a directory in the byte order of its names.",
			Doc:     "The whole directory, streamed. A file lists as itself, with an empty pathSuffix.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The entries.", Schema: object("FileStatuses", ref("FileStatuses"))},
			Example: openapi.Example{
				Path:  "/example",
				Reply: `{"FileStatuses":{"FileStatus":[` + exampleStatus("hello.txt") + `]}}`,
			},
		},
		handle: (*call).listStatus,
	},
	{
		Operation: openapi.Operation{
			Name: "LISTSTATUS_BATCH", ID: "listStatusBatch", Method: http.MethodGet,
			Summary: "List the next thousand entries of a directory.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "A page, and how many entries follow it.", Schema: object("DirectoryListing", ref("DirectoryListing")),
			},
			Example: openapi.Example{
				Path: "/example", Query: "startafter=h",
				Reply: `{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":[` + exampleStatus("hello.txt") + `]}},"remainingEntries":0}}`,
			},
		},
		params: []parameter{startAfter}, handle: (*call).listStatusBatch,
	},
	{
		Operation: openapi.Operation{
			Name: "GETCONTENTSUMMARY", ID: "getContentSummary", Method: http.MethodGet,
			Summary: "Count the files, directories and bytes of a subtree.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The counts.", Schema: object("ContentSummary", ref("ContentSummary"))},
			Example: openapi.Example{
				Path: "/example",
				Reply: `{"ContentSummary":{"directoryCount":1,"ecPolicy":"","fileCount":1,"length":13,"quota":-1,` +
					`"snapshotDirectoryCount":0,"snapshotFileCount":0,"snapshotLength":0,"snapshotSpaceConsumed":0,` +
					`"spaceConsumed":39,"spaceQuota":-1,"typeQuota":{}}}`,
			},
		},
		handle: (*call).getContentSummary,
	},
	{
		Operation: openapi.Operation{
			Name: "GETFILECHECKSUM", ID: "getFileChecksum", Method: http.MethodGet,
			Summary: "Compute a file's checksum exactly as HDFS does.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The checksum.", Schema: object("FileChecksum", ref("FileChecksum"))},
			Example: openapi.Example{
				Path: "/example/hello.txt",
				Reply: `{"FileChecksum":{"algorithm":"MD5-of-0MD5-of-512CRC32C",` +
					`"bytes":"00000200000000000000000015d668e7eb6669112f678662964b0a6500000000","length":28}}`,
			},
		},
		params: []parameter{noRedirect}, hop: sumHop, handle: (*call).getFileChecksum,
	},
	{
		Operation: openapi.Operation{
			Name: "GETHOMEDIRECTORY", ID: "getHomeDirectory", Method: http.MethodGet, Pathless: true,
			Summary: "Show the path of the caller's home directory.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The path; the directory need not exist.", Schema: object("Path", stringSchema("Absolute path."))},
			Example: openapi.Example{Path: "/", Reply: `{"Path":"/user/ada"}`},
		},
		handle: (*call).getHomeDirectory,
	},
	{
		Operation: openapi.Operation{
			Name: "CHECKACCESS", ID: "checkAccess", Method: http.MethodGet, Summary: "Check whether the caller has access.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty: the caller may. Whoever may not gets an error."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "fsaction=r--"},
		},
		params: []parameter{fsAction.required()}, handle: (*call).checkAccess,
	},
	{
		Operation: openapi.Operation{
			Name: "GETACLSTATUS", ID: "getAclStatus", Method: http.MethodGet, Summary: "Read the access control list.",
			Doc:   "The entries do not include those of the owner, the mask and the others, which are in the permission.",
			Reply: openapi.Reply{Status: http.StatusOK, Doc: "The list.", Schema: object("AclStatus", ref("AclStatus"))},
			Example: openapi.Example{
				Path:  "/example/hello.txt",
				Reply: `{"AclStatus":{"entries":[],"group":"staff","owner":"ada","permission":"644","stickyBit":false}}`,
			},
		},
		handle: (*call).getACLStatus,
	},
	{
		Operation: openapi.Operation{
			Name: "CREATE", ID: "create", Method: http.MethodPut, Conditional: true, Summary: "Write a new file.",
			Doc: "The file appears completely or not at all. Under /webhdfs/v1 a request without a body is redirected to itself, " +
				"for clients that send the data in a second request. A part, marked by Content-Range, is refused with 400: " +
				"send parts to /api/v1/uploads.",
			Body:    "The content.",
			Reply:   openapi.Reply{Status: http.StatusCreated, Doc: "Created.", Tagged: true},
			Example: openapi.Example{Path: "/example/new.txt", Query: "overwrite=true&permission=640", Body: "Hello, world!"},
		},
		params: []parameter{
			filePermission, unmaskedPermission, overwrite, bufferSize, replication, blockSize, createParent, createFlag, noRedirect,
		},
		hop: writeHop, handle: (*call).create,
	},
	{
		Operation: openapi.Operation{
			Name: "MKDIRS", ID: "mkdirs", Method: http.MethodPut, Summary: "Create a directory and those above it.",
			Doc:     "A directory that exists is left as it is.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "True.", Schema: ref("Boolean")},
			Example: openapi.Example{Path: "/example/runs/7", Query: "permission=750", Reply: `{"boolean":true}`},
		},
		params: []parameter{dirPermission, unmaskedPermission}, handle: (*call).mkdirs,
	},
	{
		Operation: openapi.Operation{
			Name: "RENAME", ID: "rename", Method: http.MethodPut, Summary: "Move a file or directory to a new path.",
			Doc: "If the destination is a directory, the path is moved into it. Without renameoptions the answer is false for what cannot be " +
				"moved; with any, such failures are errors, nothing is moved into a directory, and under /webhdfs/v1 the reply is empty.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Whether it was moved; with renameoptions always true.", Schema: ref("Boolean")},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "destination=/example/bye.txt", Reply: `{"boolean":true}`},
		},
		params: []parameter{destination.required(), renameOptions}, handle: (*call).rename,
	},
	{
		Operation: openapi.Operation{
			Name: "SETREPLICATION", ID: "setReplication", Method: http.MethodPut, Summary: "Set the replication that a file reports.",
			Doc:     "The number is only reported: how many copies exist is up to the block stores.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "False if the path is not a file.", Schema: ref("Boolean")},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "replication=2", Reply: `{"boolean":true}`},
		},
		params: []parameter{replication}, handle: (*call).setReplication,
	},
	{
		Operation: openapi.Operation{
			Name: "SETOWNER", ID: "setOwner", Method: http.MethodPut, Summary: "Change the owner, the group, or both.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "group=staff"},
		},
		params: []parameter{owner, group}, handle: (*call).setOwner,
	},
	{
		Operation: openapi.Operation{
			Name: "SETPERMISSION", ID: "setPermission", Method: http.MethodPut, Summary: "Change the mode.",
			Doc:     "If there is an access control list, the group's bits are its mask.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "permission=600"},
		},
		params: []parameter{dirPermission}, handle: (*call).setPermission,
	},
	{
		Operation: openapi.Operation{
			Name: "SETTIMES", ID: "setTimes", Method: http.MethodPut, Summary: "Set the times of modification and access.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "modificationtime=1700000000000"},
		},
		params: []parameter{mtime, atime}, handle: (*call).setTimes,
	},
	{
		Operation: openapi.Operation{
			Name: "MODIFYACLENTRIES", ID: "modifyAclEntries", Method: http.MethodPut,
			Summary: "Add entries to the access control list, or change them.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "aclspec=user:bob:r--"},
		},
		params: []parameter{aclSpec.required()}, handle: (*call).modifyACLEntries,
	},
	{
		Operation: openapi.Operation{
			Name: "REMOVEACLENTRIES", ID: "removeAclEntries", Method: http.MethodPut,
			Summary: "Remove entries from the access control list.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "aclspec=user:bob:"},
		},
		params: []parameter{aclRemoved.required()}, handle: (*call).removeACLEntries,
	},
	{
		Operation: openapi.Operation{
			Name: "REMOVEDEFAULTACL", ID: "removeDefaultAcl", Method: http.MethodPut,
			Summary: "Remove what new children of a directory inherit.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example"},
		},
		handle: (*call).removeDefaultACL,
	},
	{
		Operation: openapi.Operation{
			Name: "REMOVEACL", ID: "removeAcl", Method: http.MethodPut,
			Summary: "Remove the access control list; the mode stays.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt"},
		},
		handle: (*call).removeACL,
	},
	{
		Operation: openapi.Operation{
			Name: "SETACL", ID: "setAcl", Method: http.MethodPut, Summary: "Replace the access control list.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "aclspec=user::rw-,user:bob:r--,group::r--,other::---"},
		},
		params: []parameter{aclSpec.required()}, handle: (*call).setACL,
	},
	{
		Operation: openapi.Operation{
			Name: "APPEND", ID: "append", Method: http.MethodPost, Conditional: true, Summary: "Add to the end of a file.",
			Doc: "Either the whole body is appended or nothing. Under /webhdfs/v1 a request without a body is redirected to " +
				"itself, to an address that can be used again and again.",
			Body:    "What to add.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty.", Tagged: true},
			Example: openapi.Example{Path: "/example/hello.txt", Body: "And more."},
		},
		params: []parameter{bufferSize, noRedirect}, hop: writeHop, handle: (*call).appendFile,
	},
	{
		Operation: openapi.Operation{
			Name: "DELETE", ID: "delete", Method: http.MethodDelete, Conditional: true, Summary: "Delete a file or directory.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "False if there was nothing to delete.", Schema: ref("Boolean")},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "recursive=true", Reply: `{"boolean":true}`},
		},
		params: []parameter{recursive}, handle: (*call).delete,
	},
}
