package server

import (
	"math"
	"net/http"
	"slices"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

// keepQuota is HDFS's HdfsConstants.QUOTA_DONT_SET: the limit is not to be changed.
const keepQuota = math.MaxInt64

var (
	namespaceQuota = number("namespacequota", javaLong, namespace.NoQuota, keepQuota,
		"How many names the directory may hold, including itself; -1 removes the limit, without it the limit stays.")
	spaceQuota = number("storagespacequota", javaLong, namespace.NoQuota, keepQuota,
		"How many bytes it may hold, counting replicas; -1 removes the limit, without it the limit stays.")
	typeQuota   = below(spaceQuota, keepQuota).required()
	storageType = param[string]{
		Param: openapi.Param{
			Name: "storagetype", Doc: "The storage type.", Schema: openapi.Schema{Type: "string", Enum: namespace.StorageTypes()},
		},
		parse: verbatim,
	}
)

// below documents that a parameter must be less than bound.
func below(p param[int64], bound int64) param[int64] {
	p.Schema.Maximum = pointer(bound - 1)
	return p
}

// quotaOps are the operations on limits of directories.
var quotaOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETQUOTAUSAGE", ID: "getQuotaUsage", Method: http.MethodGet, Summary: "Show the usage and the limits of a directory.",
			Reply: openapi.Reply{Status: http.StatusOK, Doc: "The usage and the limits, -1 where there is none.", Schema: object("QuotaUsage", ref("QuotaUsage"))},
			Example: openapi.Example{
				Path:  "/example",
				Reply: `{"QuotaUsage":{"fileAndDirectoryCount":2,"quota":-1,"spaceConsumed":39,"spaceQuota":-1,"typeQuota":{}}}`,
			},
		},
		handle: (*call).getQuotaUsage,
	},
	{
		Operation: openapi.Operation{
			Name: "SETQUOTA", ID: "setQuota", Method: http.MethodPut, Summary: "Limit how much a directory may hold.",
			Doc:     "For superusers. A limit may be below the present usage: then nothing can be added until usage shrinks.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example", Query: "namespacequota=1000&storagespacequota=1073741824"},
		},
		params: []parameter{namespaceQuota, spaceQuota}, handle: (*call).setQuota,
	},
	{
		Operation: openapi.Operation{
			Name: "SETQUOTABYSTORAGETYPE", ID: "setQuotaByStorageType", Method: http.MethodPut,
			Summary: "Limit how much a directory may hold by storage type.",
			Doc:     "For superusers. The storage policies determine what counts under which type.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example", Query: "storagetype=SSD&storagespacequota=1073741824"},
		},
		params: []parameter{storageType.required(), typeQuota}, handle: (*call).setQuotaByStorageType,
	},
}

func (c *call) getQuotaUsage() error {
	usage, err := c.session.QuotaUsage(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = appendNumber(b, `{"QuotaUsage":{"fileAndDirectoryCount":`, usage.Names)
		b = appendNumber(b, `,"quota":`, usage.NamesQuota)
		b = appendNumber(b, `,"spaceConsumed":`, usage.Space)
		b = appendNumber(b, `,"spaceQuota":`, usage.SpaceQuota)
		b = append(b, `,"typeQuota":`...)
		b = appendTypeQuotas(b, usage.Types)
		return append(b, "}}"...)
	})
}

// appendTypeQuotas appends the limits by storage type as an object.
func appendTypeQuotas(b []byte, types []namespace.TypeUsage) []byte {
	b = append(b, '{')
	for i, u := range types {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, u.Type)
		b = appendNumber(b, `:{"consumed":`, u.Consumed)
		b = appendNumber(b, `,"quota":`, u.Quota)
		b = append(b, '}')
	}
	return append(b, '}')
}

func (c *call) setQuota() error {
	var change namespace.QuotaChange
	for _, p := range []struct {
		param param[int64]
		limit **int64
	}{{namespaceQuota, &change.Names}, {spaceQuota, &change.Space}} {
		if c.query.get(p.param.Name) == "null" { // HDFS takes null for an empty value, and refuses it
			return missing(p.param.Name, c.op.Name)
		}
		if n := p.param.of(c); n != keepQuota {
			*p.limit = &n
		}
	}
	return c.done(c.session.SetQuota(c.ctx, c.path, change))
}

// ramDisk is a storage type of HDFS that cannot have a limit: what is in memory counts under the type that it is written to.
const ramDisk = "RAM_DISK"

// setQuotaByStorageType refuses a type that Java does not know before the namespace checks rights, as HDFS does.
func (c *call) setQuotaByStorageType() error {
	kind := strings.ToUpper(storageType.of(c))
	if kind != ramDisk && !slices.Contains(namespace.StorageTypes(), kind) {
		return &namespace.Error{
			Op: "set quota", Path: c.path.String(), Kind: namespace.InvalidArgument,
			Msg: "No enum constant org.apache.hadoop.fs.StorageType." + printable(kind),
		}
	}
	limit := typeQuota.of(c)
	if limit == keepQuota { // HDFS would take the directory's quota of space: docs/differences.md, true-sums
		return missing(typeQuota.Name, c.op.Name)
	}
	return c.done(c.session.SetQuota(c.ctx, c.path, namespace.QuotaChange{Types: map[string]int64{kind: limit}}))
}
