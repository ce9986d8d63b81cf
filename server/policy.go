package server

import (
	"net/http"
	"strconv"

	"granary/namespace"
	"granary/openapi"
)

// policyOps are the operations on storage policies, which Granary records and lists, but which do not affect where blocks lie.
var policyOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETALLSTORAGEPOLICY", ID: "getAllStoragePolicy", Method: http.MethodGet, Pathless: true,
			Summary: "List the storage policies.",
			Doc:     "They are those of HDFS. Granary records which policy was set where; its block stores ignore it.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "The policies.",
				Schema: object("BlockStoragePolicies", object("BlockStoragePolicy", &openapi.Schema{Type: "array", Items: ref("BlockStoragePolicy")})),
			},
			Example: openapi.Example{Path: "/", Reply: string(appendPolicies(nil))},
		},
		handle: (*call).getAllStoragePolicy,
	},
	{
		Operation: openapi.Operation{
			Name: "GETSTORAGEPOLICY", ID: "getStoragePolicy", Method: http.MethodGet, Summary: "Show the storage policy of a path.",
			Doc:   "Its own policy, that of the nearest directory above that has one, or HOT.",
			Reply: openapi.Reply{Status: http.StatusOK, Doc: "The policy.", Schema: object("BlockStoragePolicy", ref("BlockStoragePolicy"))},
			Example: openapi.Example{
				Path: "/example/hello.txt",
				Reply: `{"BlockStoragePolicy":{"copyOnCreateFile":false,"creationFallbacks":[],"id":7,"name":"HOT",` +
					`"replicationFallbacks":["ARCHIVE"],"storageTypes":["DISK"]}}`,
			},
		},
		handle: (*call).getStoragePolicy,
	},
	{
		Operation: openapi.Operation{
			Name: "SETSTORAGEPOLICY", ID: "setStoragePolicy", Method: http.MethodPut, Summary: "Set the storage policy of a path.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example", Query: "storagepolicy=COLD"},
		},
		params: []parameter{storagePolicy.required()}, handle: (*call).setStoragePolicy,
	},
	{
		Operation: openapi.Operation{
			Name: "UNSETSTORAGEPOLICY", ID: "unsetStoragePolicy", Method: http.MethodPost,
			Summary: "Remove the storage policy of a path, so that the one above applies.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/example"},
		},
		handle: (*call).unsetStoragePolicy,
	},
	{
		Operation: openapi.Operation{Name: "SATISFYSTORAGEPOLICY", Method: http.MethodPut},
		compat:    true,
		handle: func(*call) error {
			return &denial{
				face: face{
					http.StatusForbidden, "org.apache.hadoop.hdfs.server.namenode.UnsupportedActionException",
					http.StatusNotImplemented, "Not supported",
				},
				msg: "Cannot request to satisfy storage policy when storage policy satisfier feature has been disabled by admin. " +
					"Seek for an admin help to enable it or use Mover tool.",
			}
		},
	},
}

var storagePolicy = param[string]{
	Param: openapi.Param{Name: "storagepolicy", Doc: "The policy's name.", Schema: openapi.Schema{Type: "string", Enum: policyNames()}},
	parse: verbatim,
}

func policyNames() (names []string) {
	for _, p := range namespace.StoragePolicies {
		names = append(names, p.Name)
	}
	return names
}

func (c *call) getAllStoragePolicy() error { return c.json(http.StatusOK, appendPolicies) }

func (c *call) getStoragePolicy() error {
	policy, err := c.session.StoragePolicy(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		return append(appendPolicy(append(b, `{"BlockStoragePolicy":`...), policy), '}')
	})
}

func (c *call) setStoragePolicy() error {
	return c.done(c.session.SetStoragePolicy(c.ctx, c.path, storagePolicy.of(c)))
}

func (c *call) unsetStoragePolicy() error {
	return c.done(c.session.SetStoragePolicy(c.ctx, c.path, ""))
}

func appendPolicies(b []byte) []byte {
	b = append(b, `{"BlockStoragePolicies":{"BlockStoragePolicy":[`...)
	for i, policy := range namespace.StoragePolicies {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPolicy(b, policy)
	}
	return append(b, "]}}"...)
}

func appendPolicy(b []byte, p namespace.StoragePolicy) []byte {
	b = append(b, `{"copyOnCreateFile":`...)
	b = strconv.AppendBool(b, p.CopyOnCreate)
	b = appendTexts(b, `,"creationFallbacks":`, p.CreationFallbacks)
	b = appendNumber(b, `,"id":`, int64(p.ID))
	b = appendText(b, `,"name":`, p.Name)
	b = appendTexts(b, `,"replicationFallbacks":`, p.ReplicationFallbacks)
	b = appendTexts(b, `,"storageTypes":`, p.StorageTypes)
	return append(b, '}')
}
