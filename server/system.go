package server

import (
	"errors"
	"io/fs"
	"net/http"

	"granary/namespace"
	"granary/namespace/filesum"
	"granary/openapi"
)

// systemOps are the operations that describe the service as a whole.
var systemOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETSERVERDEFAULTS", ID: "getServerDefaults", Method: http.MethodGet, Pathless: true,
			Summary: "Show the defaults of the server.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The defaults.", Schema: object("FsServerDefaults", ref("FsServerDefaults"))},
			Example: openapi.Example{
				Path: "/",
				Reply: `{"FsServerDefaults":{"blockSize":134217728,"bytesPerChecksum":512,"checksumType":2,"defaultStoragePolicyId":7,` +
					`"encryptDataTransfer":false,"fileBufferSize":4096,"keyProviderUri":"","replication":3,"trashInterval":1440,` +
					`"writePacketSize":65536}}`,
			},
		},
		handle: (*call).getServerDefaults,
	},
	{
		Operation: openapi.Operation{
			Name: "GETSTATUS", ID: "getStatus", Method: http.MethodGet, Summary: "Show how much space there is.",
			Doc: "Where a quota of space applies, what it leaves, counting replicas, as the quota does. Elsewhere, and on paths " +
				"that the caller may not see, the free space of the block stores.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The room, in bytes.", Schema: object("FsStatus", ref("FsStatus"))},
			Example: openapi.Example{Path: "/example", Reply: `{"FsStatus":{"capacity":1000000,"remaining":600000,"used":400000}}`},
		},
		forgiving: true, handle: (*call).getStatus,
	},
}

// Members of GETSERVERDEFAULTS about the DataNode protocol, with HDFS's values.
const (
	checksumCRC32C  = 2
	writePacketSize = 64 << 10
	fileBufferSize  = 4 << 10
)

// getServerDefaults answers with an empty key provider, since clients do not take part in the encryption.
func (c *call) getServerDefaults() error {
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = appendNumber(b, `{"FsServerDefaults":{"blockSize":`, namespace.DefaultBlockSize)
		b = appendNumber(b, `,"bytesPerChecksum":`, filesum.ChunkSize)
		b = appendNumber(b, `,"checksumType":`, checksumCRC32C)
		b = appendNumber(b, `,"defaultStoragePolicyId":`, namespace.DefaultPolicy)
		b = appendNumber(b, `,"encryptDataTransfer":false,"fileBufferSize":`, fileBufferSize)
		b = appendNumber(b, `,"keyProviderUri":"","replication":`, namespace.DefaultReplication)
		b = appendNumber(b, `,"trashInterval":`, int64(c.server.fs.TrashInterval().Minutes()))
		b = appendNumber(b, `,"writePacketSize":`, writePacketSize)
		return append(b, "}}"...)
	})
}

func (c *call) getStatus() error {
	if c.server.space == nil {
		return &namespace.Error{
			Op: "status", Kind: namespace.Unsupported, Msg: "This server was not told how to measure the room of its block stores.",
		}
	}
	space, err := c.server.room(c.ctx)
	switch {
	case errors.Is(err, errNoAnswer):
		return &namespace.Error{Op: "status", Kind: namespace.Unavailable, Msg: "The block stores do not say how much room there is; try again.", Err: err}
	case err != nil:
		return err
	}
	limit, used, limited, err := c.session.Space(c.ctx, c.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission): // in HDFS the path makes no difference
	case err != nil:
		return err
	case limited:
		space = Space{Capacity: limit, Used: used, Remaining: min(max(limit-used, 0), space.Remaining)}
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = appendNumber(b, `{"FsStatus":{"capacity":`, space.Capacity)
		b = appendNumber(b, `,"remaining":`, space.Remaining)
		b = appendNumber(b, `,"used":`, space.Used)
		return append(b, "}}"...)
	})
}
