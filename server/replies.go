package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"

	"granary/namespace"
	"granary/namespace/filesum"
)

// json answers with an object that render appends.
func (c *call) json(status int, render func([]byte) []byte) error {
	buffer := small.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put there
	body := render((*buffer)[:0])
	letGo, err := c.holdAnswer(len(body))
	if err != nil {
		return err
	}
	defer letGo()
	c.typed("application/json")
	c.w.sized(len(body))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // if the client is gone, that is no failure: what it asked for is done
	if cap(body) <= maxSmall {
		*buffer = body
		small.Put(buffer)
	}
	return nil
}

// listPiece is how many bytes of a list are written at a time.
const listPiece = 32 << 10

// inPieces answers with begin, what one appends for each of the items, and end. It writes while it renders, since the list may be
// long: CONCAT may have made a file of many blocks, and a request may name an attribute many times.
func inPieces[T any](c *call, begin []byte, items []T, one func([]byte, T) []byte, end string) error {
	c.typed("application/json")
	b := begin
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if len(b) >= listPiece {
			if _, err := c.w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		b = one(b, item)
	}
	b = append(b, end...)
	if c.w.status == 0 {
		c.w.sized(len(b))
	}
	_, err := c.w.Write(b)
	return err
}

// maxSmall is the largest buffer, in bytes, that is kept for reuse.
const maxSmall = 16 << 10

// small holds the buffers of short answers.
var small = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

// empty answers without a body, with the type that HDFS gives to an empty answer.
func (c *call) empty(status int) error {
	h := c.w.Header()
	h["Content-Type"] = typeBytes
	h["Content-Length"] = emptyLength
	c.w.WriteHeader(status)
	return nil
}

// boolean answers {"boolean":…}.
func (c *call) boolean(value bool) error {
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = append(b, `{"boolean":`...)
		b = strconv.AppendBool(b, value)
		return append(b, '}')
	})
}

// pathReply answers {"Path":…}.
func (c *call) pathReply(path namespace.Path) error {
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = append(b, `{"Path":`...)
		b = appendJSON(b, path.String())
		return append(b, '}')
	})
}

// appendStatus appends a FileStatus object, with the keys and the order of HDFS's JsonUtil.
func appendStatus(b []byte, s namespace.Status) []byte {
	kind := "FILE"
	if s.Dir {
		kind = "DIRECTORY"
	}
	b = append(b, '{')
	if s.Perms.HasACL() {
		b = append(b, `"aclBit":true,`...) // absent when false: clients look for the key
	}
	b = appendNumber(b, `"accessTime":`, s.ATime)
	b = appendNumber(b, `,"blockSize":`, s.BlockSize)
	b = appendNumber(b, `,"childrenNum":`, s.Children)
	b = appendNumber(b, `,"fileId":`, s.ID)
	b = appendText(b, `,"group":`, s.Group)
	b = appendNumber(b, `,"length":`, s.Size)
	b = appendNumber(b, `,"modificationTime":`, s.MTime)
	b = appendText(b, `,"owner":`, s.Owner)
	b = appendText(b, `,"pathSuffix":`, s.Name)
	b = strconv.AppendUint(append(b, `,"permission":"`...), uint64(s.Perms.Mode), 8)
	b = appendNumber(b, `","replication":`, int64(s.Replication))
	if s.ID == namespace.RootID {
		b = append(b, `,"snapshotEnabled":true`...) // always so for the root of an HDFS
	}
	b = appendNumber(b, `,"storagePolicy":`, int64(s.Policy))
	return append(appendText(b, `,"type":`, kind), '}')
}

// appendSummary appends a ContentSummary object.
func appendSummary(b []byte, s namespace.Summary) []byte {
	policy := ""
	if s.Directories == 0 { // for a file HDFS says how it is stored
		policy = "Replicated"
	}
	b = appendNumber(b, `{"ContentSummary":{"directoryCount":`, s.Directories)
	b = appendText(b, `,"ecPolicy":`, policy)
	b = appendNumber(b, `,"fileCount":`, s.Files)
	b = appendNumber(b, `,"length":`, s.Length)
	b = appendNumber(b, `,"quota":`, s.Quota)
	b = append(b, `,"snapshotDirectoryCount":0,"snapshotFileCount":0,"snapshotLength":0,"snapshotSpaceConsumed":0`...)
	b = appendNumber(b, `,"spaceConsumed":`, s.SpaceConsumed)
	b = appendNumber(b, `,"spaceQuota":`, s.SpaceQuota)
	b = append(b, `,"typeQuota":`...)
	b = appendTypeQuotas(b, s.Types)
	return append(b, "}}"...)
}

// appendACL appends an AclStatus object. The entries leave out the owner, the mask and the others, which clients take
// from the permission.
func appendACL(b []byte, s namespace.ACLStatus) []byte {
	b = append(b, `{"AclStatus":{"entries":[`...)
	for i, entry := range s.Perms.Entries() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, entry)
	}
	b = appendText(b, `],"group":`, s.Group)
	b = appendText(b, `,"owner":`, s.Owner)
	b = appendText(b, `,"permission":`, s.Perms.Mode.String())
	b = append(b, `,"stickyBit":`...)
	b = strconv.AppendBool(b, s.Perms.Mode.Sticky())
	return append(b, "}}"...)
}

// appendChecksum appends a FileChecksum object. Java's client derives the algorithm's name from the bytes and refuses any
// other.
func appendChecksum(b []byte, sum filesum.Checksum) []byte {
	b = appendText(b, `{"FileChecksum":{"algorithm":`, sum.Algorithm)
	b = append(b, `,"bytes":"`...)
	b = append(b, sum.Hex()...)
	b = append(b, `","length":`...) // how many of the bytes count: 28
	b = strconv.AppendInt(b, int64(len(sum.Bytes)), 10)
	return append(b, "}}"...)
}

func appendNumber(b []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(b, key...), n, 10)
}

func appendText(b []byte, key, s string) []byte { return appendJSON(append(b, key...), s) }

// appendTexts appends an array of strings.
func appendTexts(b []byte, key string, all []string) []byte {
	b = append(append(b, key...), '[')
	for i, s := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, s)
	}
	return append(b, ']')
}

// appendJSON appends s as a JSON string. Characters outside of ASCII are not escaped, as in HDFS's replies.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return appendOddJSON(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendOddJSON is appendJSON for the rare string that is not plain ASCII.
func appendOddJSON(b []byte, s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // cannot fail: s is a string
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte{'\n'})...)
}
