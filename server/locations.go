package server

import (
	"math"
	"net/http"
	"strconv"

	"granary/namespace"
	"granary/openapi"
)

// locationOps tell where the blocks of a file are: always on localhost. Clients plan their reads by the boundaries; with the
// host localhost no task prefers a worker, and no client is sent to the address.
var locationOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETFILEBLOCKLOCATIONS", ID: "getFileBlockLocations", Method: http.MethodGet,
			Summary: "List the HDFS blocks of a file, or those that hold a range of it.",
			Doc:     "Granary's own storage has other boundaries; these are where HDFS's clients split their work.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "The blocks in their order.",
				Schema: object("BlockLocations", object("BlockLocation", &openapi.Schema{Type: "array", Items: ref("BlockLocation")})),
			},
			Example: openapi.Example{
				Path: "/example/hello.txt",
				Reply: `{"BlockLocations":{"BlockLocation":[{"cachedHosts":[],"corrupt":false,"hosts":["localhost"],"length":13,` +
					`"names":["localhost:9866"],"offset":0,"storageTypes":["DISK"],"topologyPaths":["/default-rack/localhost:9866"]}]}}`,
			},
		},
		params: []parameter{offset, length}, handle: (*call).getFileBlockLocations,
	},
	{
		// The older form, with all the details of DataNodes.
		Operation: openapi.Operation{Name: "GET_BLOCK_LOCATIONS", Method: http.MethodGet},
		params:    []parameter{offset, length}, compat: true, handle: (*call).getBlockLocations,
	},
}

// block is an HDFS block of a file.
type block struct{ offset, length int64 }

// blocks returns the blocks that hold the range that c asks about, the file's last block, which has length 0 if there is none,
// and its status. An empty range counts as one byte, as in HDFS.
func (c *call) blocks() (asked []block, last block, status namespace.Status, err error) {
	status, lengths, err := c.session.Blocks(c.ctx, c.path)
	if err != nil {
		return nil, last, status, err
	}
	from, n := offset.of(c), length.of(c)
	end := int64(math.MaxInt64)
	if n >= 0 && n < end-from {
		end = from + max(n, 1)
	}
	at := int64(0)
	for _, n := range lengths {
		last = block{offset: at, length: n}
		if last.offset < end && last.offset+last.length > from {
			asked = append(asked, last)
		}
		at += n
	}
	return asked, last, status, nil
}

func (c *call) getFileBlockLocations() error {
	asked, _, _, err := c.blocks()
	if err != nil {
		return err
	}
	return inPieces(c, []byte(`{"BlockLocations":{"BlockLocation":[`), asked, appendLocation, "]}}")
}

func (c *call) getBlockLocations() error {
	asked, last, status, err := c.blocks()
	if err != nil {
		return err
	}
	b := appendNumber(nil, `{"LocatedBlocks":{"fileLength":`, status.Size)
	b = append(b, `,"isLastBlockComplete":true,"isUnderConstruction":`...)
	b = strconv.AppendBool(b, status.Written)
	b = append(b, `,"lastLocatedBlock":`...)
	if last.length == 0 {
		b = append(b, "null"...)
	} else {
		b = appendLocated(b, last)
	}
	return inPieces(c, append(b, `,"locatedBlocks":[`...), asked, appendLocated, "]}}")
}

// appendLocation appends a BlockLocation.
func appendLocation(b []byte, block block) []byte {
	b = append(b, `{"cachedHosts":[],"corrupt":false,"hosts":["localhost"]`...)
	b = appendNumber(b, `,"length":`, block.length)
	b = append(b, `,"names":["localhost:9866"]`...)
	b = appendNumber(b, `,"offset":`, block.offset)
	return append(b, `,"storageTypes":["DISK"],"topologyPaths":["/default-rack/localhost:9866"]}`...)
}

// appendLocated appends a LocatedBlock with every member that JsonUtilClient of Hadoop 3.4 requires. The block's id is its
// offset, which is unique within the reply.
func appendLocated(b []byte, block block) []byte {
	b = appendNumber(b, `{"block":{"blockId":`, block.offset)
	b = append(b, `,"blockPoolId":"granary","generationStamp":0`...)
	b = appendNumber(b, `,"numBytes":`, block.length)
	b = append(b, `},"blockToken":{"urlString":"AAAAAA"},"cachedLocations":[],"isCorrupt":false,"locations":[{"adminState":"NORMAL",`+
		`"blockPoolUsed":0,"cacheCapacity":0,"cacheUsed":0,"capacity":0,"dfsUsed":0,"hostName":"localhost","infoPort":9864,`+
		`"infoSecurePort":0,"ipAddr":"127.0.0.1","ipcPort":9867,"lastBlockReportMonotonic":0,"lastBlockReportTime":0,"lastUpdate":0,`+
		`"lastUpdateMonotonic":0,"name":"127.0.0.1:9866","networkLocation":"/default-rack","remaining":0,"storageID":"granary",`+
		`"xceiverCount":0,"xferPort":9866}],"startOffset":`...)
	b = strconv.AppendInt(b, block.offset, 10)
	return append(b, `,"storageTypes":["DISK"]}`...)
}
