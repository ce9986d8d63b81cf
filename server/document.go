package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

//go:generate sh -c "go run granary/cmd/granary openapi >../openapi/openapi.yaml"

// apiVersion is the version of the API under /api/v1, not of the program.
const apiVersion = "1.0.0"

// Document describes the API as an OpenAPI document, made from the table of operations.
func Document() *openapi.Document {
	d := &openapi.Document{
		OpenAPI: "3.1.0",
		Info: openapi.Info{
			Title:   "Granary",
			Version: apiVersion,
			License: openapi.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			Description: "Files and directories with the semantics of HDFS. Every operation with an x-webhdfs-op is also offered under " +
				"/webhdfs/v1/<path>?op=<NAME>, in the dialect that clients of HDFS speak: there, failures are RemoteException " +
				"objects with HDFS's statuses, and writes without a body are redirected to the same origin.\n\n" +
				"Later versions add operations, optional parameters, members of replies, and values that a reply's member may have. Clients " +
				"ignore members that they do not know, and expect other values than those that an enum lists.",
		},
		Servers:  []openapi.Location{{URL: "/", Description: "The server that this document came from."}},
		Security: []map[string][]string{{"bearer": {}}, {"basic": {}}, {"delegation": {}}, {"cookie": {}}, {"session": {}}},
		Tags: []openapi.Tag{
			{Name: "files", Description: "Files and directories."},
			{Name: "projects", Description: "Projects and their members."},
			{Name: "datasets", Description: "Directories that are shared with projects, with people or with everyone."},
			{Name: "access", Description: "Who may do what, and why."},
			{Name: "search", Description: "Tags, descriptions and READMEs, and finding files by them and by name."},
			{Name: "curves", Description: "What training runs write for TensorBoard, as curves and images."},
			{Name: "jobs", Description: "Work in the background."},
			{Name: "events", Description: "What happened: in a project, for its followers, and who did it, for the audit log."},
			{Name: "administration", Description: "Users, all projects, and the state of the service; for superusers."},
			{Name: "credentials", Description: "Tokens, sessions, service accounts and download links."},
		},
		Paths: make(map[string]openapi.PathItem),
		Components: openapi.Components{
			Schemas:   maps.Clone(schemas),
			Responses: map[string]openapi.Response{"Failure": failureResponse, "Limited": limitedResponse},
			SecuritySchemes: map[string]openapi.SecurityScheme{
				"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A token of `granary token create` or of createToken: a JWT, or a secret that begins with gr_."},
				"basic":  {Type: "http", Scheme: "basic", Description: "Any user name, with the token as the password."},
				"delegation": {
					Type: "apiKey", In: "query", Name: "delegation",
					Description: "The token as a parameter, for clients that know nothing else. It is kept out of logs and redirects.",
				},
				"cookie": {
					Type: "apiKey", In: "cookie", Name: jwtCookie,
					Description: "The token as a cookie, as Hadoop's gateways set it. Browsers must send X-XSRF-HEADER with changes.",
				},
				"session": {
					Type: "apiKey", In: "cookie", Name: secureCookie,
					Description: "The cookie that signIn sets. Over plain http on the local machine its name is " + loopbackCookie + ". Send X-XSRF-HEADER, with any value, with changes.",
				},
			},
		},
	}
	types := newRestTypes()
	for i := range restRoutes {
		r := &restRoutes[i]
		at(d, restPrefix+r.Path)[strings.ToLower(r.Method)] = r.endpoint(types)
	}
	maps.Copy(d.Components.Schemas, types.Schemas())
	for i := range ops {
		if ops[i].compat {
			continue
		}
		o := ops[i].operation()
		e := o.Endpoint("files", "Failure", "Limited", "Path")
		if ops[i].modern {
			e.Op = ""
		}
		at(d, apiPrefix+o.Slug())[strings.ToLower(o.Method)] = e
	}
	return d
}

// at returns the item of a path in d, which it adds if there is none.
func at(d *openapi.Document, path string) openapi.PathItem {
	if d.Paths[path] == nil {
		d.Paths[path] = make(openapi.PathItem)
	}
	return d.Paths[path]
}

// operation returns the row's description with its parameters. noredirect is left out, as there are no redirects under
// /api/v1.
func (o *op) operation() openapi.Operation {
	described := o.Operation
	for _, p := range o.params {
		if spec := p.spec(); spec.Name != noRedirect.Name {
			described.Params = append(described.Params, spec)
		}
	}
	return described
}

// Responses that every operation may give.
var (
	failureResponse = openapi.Response{
		Description: "What went wrong. 400: the request is invalid; 401: the credential is missing or not accepted; 403: not permitted; 404: no such path; 405: the method is not supported; " +
			"409: in conflict with what exists; 410: no longer kept; 412: a condition does not hold; 415: the type of the body is not supported; 416: no such range; 501: not offered; " +
			"503: try again later; 507: no space left.",
		Headers: map[string]openapi.Header{
			"X-Request-Id":     {Description: "Identifies the request in the server's log.", Schema: stringSchema("")},
			"WWW-Authenticate": {Description: "With 401: which credential is required.", Schema: stringSchema("")},
			"Retry-After":      {Description: "With 503: after how many seconds to try again.", Schema: stringSchema("")},
		},
		Content: map[string]openapi.Media{"application/problem+json": {Schema: ref("Problem")}},
	}
	limitedResponse = openapi.Response{
		Description: "Too many requests by one user, or too many wrong passwords. Nothing was done.",
		Headers: map[string]openapi.Header{
			"X-Request-Id":     {Description: "Identifies the request in the server's log.", Schema: stringSchema("")},
			"Retry-After":      {Description: "After how many seconds to try again.", Schema: stringSchema("")},
			"RateLimit-Policy": {Description: `Also sent with every other answer to a user: how many requests (q) of a class are allowed within how many seconds (w), as in "reads";q=200000;w=10.`, Schema: stringSchema("")},
			"RateLimit":        {Description: `Also sent with every other answer to a user: how many requests are left (r), and after how many seconds (t) all are available again, as in "reads";r=199999;t=1.`, Schema: stringSchema("")},
		},
		Content: map[string]openapi.Media{"application/problem+json": {Schema: ref("Problem")}},
	}
)

// schemas are the objects of requests and replies.
var schemas = map[string]*openapi.Schema{
	"Boolean": object("boolean", &openapi.Schema{Type: "boolean"}),
	"Path": {
		Type: "string", Pattern: namespace.PathPattern,
		Description: `Absolute: names after slashes, of which none is "." or ".." and none has a colon or a NUL.`,
	},
	"FileStatus": record(map[string]*openapi.Schema{
		"accessTime":       millis("Last access; 0 if never set."),
		"aclBit":           {Type: "boolean", Description: "Present, and true, if there is an access control list."},
		"blockSize":        integer("Bytes; 0 for directories."),
		"childrenNum":      integer("Direct children."),
		"fileId":           integer("Identifies the file through renames."),
		"group":            stringSchema(""),
		"length":           integer("Bytes; 0 for directories."),
		"modificationTime": millis("Last change of the content, or of a directory's entries."),
		"owner":            stringSchema(""),
		"pathSuffix":       stringSchema("The name in its directory; empty for the requested path itself."),
		"permission":       {Type: "string", Pattern: "^1?[0-7]{1,3}$", Description: "Octal mode without leading zeros; a fourth digit 1 is the sticky bit."},
		"replication":      integer("0 for directories."),
		"snapshotEnabled":  {Type: "boolean", Description: "Present, and true, where there may be snapshots."},
		"storagePolicy":    integer("Set here or above; 0: none was set."),
		"type":             {Type: "string", Enum: []string{"FILE", "DIRECTORY"}},
	}, "aclBit", "snapshotEnabled"),
	"FileStatuses": object("FileStatus", &openapi.Schema{Type: "array", Items: ref("FileStatus")}),
	"DirectoryListing": record(map[string]*openapi.Schema{
		"partialListing":   object("FileStatuses", ref("FileStatuses")),
		"remainingEntries": integer("How many entries follow this page; beyond a thousand, at least how many."),
	}),
	"ContentSummary": record(map[string]*openapi.Schema{
		"directoryCount":         integer("Directories, including the requested one."),
		"ecPolicy":               stringSchema("Empty for directories, Replicated for files."),
		"fileCount":              integer("Files."),
		"length":                 integer("Bytes of content."),
		"quota":                  integer("How many names there may be; -1: no limit."),
		"snapshotDirectoryCount": integer("Always 0."),
		"snapshotFileCount":      integer("Always 0."),
		"snapshotLength":         integer("Always 0."),
		"snapshotSpaceConsumed":  integer("Always 0."),
		"spaceConsumed":          integer("Bytes times the replication that the files report."),
		"spaceQuota":             integer("Limit of spaceConsumed; -1: none."),
		"typeQuota":              {Type: "object", Description: "For each storage type with a limit: quota and consumed."},
	}),
	"QuotaUsage": record(map[string]*openapi.Schema{
		"fileAndDirectoryCount": integer("Names, including that of the requested directory."),
		"quota":                 integer("How many names there may be; -1: no limit."),
		"spaceConsumed":         integer("Bytes, multiplied by the replication of the files."),
		"spaceQuota":            integer("Limit of spaceConsumed; -1: none."),
		"typeQuota":             {Type: "object", Description: "For each storage type with a limit: quota and consumed."},
	}),
	"FileChecksum": record(map[string]*openapi.Schema{
		"algorithm": stringSchema("Such as MD5-of-0MD5-of-512CRC32C."),
		"bytes":     stringSchema("Hexadecimal; the first `length` bytes count."),
		"length":    integer("Always 28."),
	}),
	"AclStatus": record(map[string]*openapi.Schema{
		"entries":    {Type: "array", Items: stringSchema("[default:]type:name:permissions")},
		"group":      stringSchema(""),
		"owner":      stringSchema(""),
		"permission": stringSchema("Octal mode; with entries, its group bits are the mask."),
		"stickyBit":  {Type: "boolean"},
	}),
	"XAttr": record(map[string]*openapi.Schema{
		"name":  stringSchema("With its namespace."),
		"value": {Type: []string{"string", "null"}, Description: "In the requested encoding; null: it has no value."},
	}),
	"BlockStoragePolicy": record(map[string]*openapi.Schema{
		"copyOnCreateFile":     {Type: "boolean"},
		"creationFallbacks":    {Type: "array", Items: stringSchema("")},
		"id":                   integer(""),
		"name":                 stringSchema(""),
		"replicationFallbacks": {Type: "array", Items: stringSchema("")},
		"storageTypes":         {Type: "array", Items: stringSchema("")},
	}),
	"BlockLocation": record(map[string]*openapi.Schema{
		"cachedHosts":   {Type: "array", Items: stringSchema("")},
		"corrupt":       {Type: "boolean", Description: "Always false."},
		"hosts":         {Type: "array", Items: stringSchema("Always localhost: no host is nearer than another.")},
		"length":        integer("Bytes."),
		"names":         {Type: "array", Items: stringSchema("")},
		"offset":        integer("First byte."),
		"storageTypes":  {Type: "array", Items: stringSchema("")},
		"topologyPaths": {Type: "array", Items: stringSchema("")},
	}),
	"FsServerDefaults": record(map[string]*openapi.Schema{
		"blockSize":              integer("Bytes."),
		"bytesPerChecksum":       integer("Bytes that one CRC of a file's checksum covers."),
		"checksumType":           integer("2: CRC32C."),
		"defaultStoragePolicyId": integer(""),
		"encryptDataTransfer":    {Type: "boolean"},
		"fileBufferSize":         integer("Bytes."),
		"keyProviderUri":         stringSchema("Empty: clients encrypt nothing."),
		"replication":            integer(""),
		"trashInterval":          integer("For how many minutes the trash keeps deleted entries, at least; 0: there is no trash."),
		"writePacketSize":        integer("Bytes."),
	}),
	"FsStatus": record(map[string]*openapi.Schema{
		"capacity":  integer("Bytes."),
		"remaining": integer("Bytes that may still be written."),
		"used":      integer("Bytes."),
	}),
	"TrashRoot": record(map[string]*openapi.Schema{
		"access_time":       millis("Last access; 0 if never set."),
		"block_replication": integer("0: it is a directory."),
		"blocksize":         integer("0: it is a directory."),
		"group":             stringSchema(""),
		"isdir":             {Type: "boolean", Description: "Always true."},
		"length":            integer("0: it is a directory."),
		"modification_time": millis("Last change of its entries."),
		"owner":             stringSchema(""),
		"path":              stringSchema("Absolute path."),
		"permission":        stringSchema("Octal mode."),
	}),
	"Problem": record(map[string]*openapi.Schema{
		"type":      stringSchema("Always about:blank: the status tells the kind of problem."),
		"title":     stringSchema("The kind of failure."),
		"status":    integer("The HTTP status."),
		"detail":    stringSchema("What was wrong with this request."),
		"instance":  stringSchema("The path it was about."),
		"exception": stringSchema("The name of the exception in HDFS."),
		"etag":      stringSchema("With 412: the ETag of the file that is there; absent if there is none."),
		"requestId": stringSchema("Identifies the request in the server's log."),
	}, "instance", "exception", "etag"),
}

func ref(name string) *openapi.Schema { return &openapi.Schema{Ref: "#/components/schemas/" + name} }

// object is a schema of an object with one member.
func object(name string, member *openapi.Schema) *openapi.Schema {
	return record(map[string]*openapi.Schema{name: member})
}

// record is a schema of an object whose members are always present, except the optional ones.
func record(members map[string]*openapi.Schema, optional ...string) *openapi.Schema {
	s := &openapi.Schema{Type: "object", Properties: members}
	for name := range members {
		if !slices.Contains(optional, name) {
			s.Required = append(s.Required, name)
		}
	}
	slices.Sort(s.Required)
	return s
}

func stringSchema(doc string) *openapi.Schema {
	return &openapi.Schema{Type: "string", Description: doc}
}

func integer(doc string) *openapi.Schema {
	return &openapi.Schema{Type: "integer", Format: "int64", Description: doc}
}

func millis(doc string) *openapi.Schema { return integer(doc + " In milliseconds since 1970.") }

// exampleStatus is the file that the examples are about.
func exampleStatus(suffix string) string {
	return `{"accessTime":1700000000000,"blockSize":134217728,"childrenNum":0,"fileId":16400,"group":"staff","length":13,` +
		`"modificationTime":1700000000000,"owner":"ada","pathSuffix":"` + suffix + `","permission":"644","replication":3,` +
		`"storagePolicy":0,"type":"FILE"}`
}

// methods returns the HTTP methods that a row answers under /api/v1.
func (o *op) methods() []string {
	if o.Method == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{o.Method}
}
