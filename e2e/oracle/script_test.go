package oracle

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"reflect"
	"strings"
	"testing"
)

func TestSteps(t *testing.T) {
	got, err := steps(`
		alice PUT {dir}/f?op=CREATE [A: b c] [D: e] -> "x -> \n" -> +offset=1 bytes:3 -> =length=2
		- GET ?op=X ->`)
	if err != nil {
		t.Fatal(err)
	}
	want := []step{
		{
			line: `alice PUT {dir}/f?op=CREATE [A: b c] [D: e] -> "x -> \n" -> +offset=1 bytes:3 -> =length=2`,
			user: "alice", method: "PUT", target: "{dir}/f?op=CREATE", header: []string{"A: b c", "D: e"},
			hops: []hop{{body: []byte("x -> \n")}, {query: "offset=1", body: []byte{7, 38, 69}}, {query: "length=2", replace: true}},
		},
		{line: `- GET ?op=X ->`, method: "GET", target: "?op=X", hops: []hop{{}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestStepsRefuseWhatTheyDoNotUnderstand(t *testing.T) {
	for _, line := range []string{
		"alice", "alice GET", "alice GET /f [A: b", "alice GET /f x", `alice PUT /f -> "x`, "alice PUT /f -> bytes:x", "alice PUT /f -> bytes:-1",
		`alice PUT /f -> "x" y`,
	} {
		if got, err := steps(line); err == nil {
			t.Errorf("%q: got %+v, want an error", line, got)
		}
	}
}

func TestWithoutParams(t *testing.T) {
	for _, c := range []struct{ target, query, want string }{
		{"/f?op=OPEN&offset=0&x=%20", "offset=5", "/f?op=OPEN&x=%20"},
		{"/f?offset=0&op=OPEN&offset=1", "offset=5&length=1", "/f?op=OPEN"},
		{"/f?op=OPEN&off=0", "offset=5", "/f?op=OPEN&off=0"},
	} {
		if got := withoutParams(c.target, c.query); got != c.want {
			t.Errorf("withoutParams(%q, %q) = %q, want %q", c.target, c.query, got, c.want)
		}
	}
}

// TestVectorsFollowTheirDescription computes each checksum from the content's description alone, so that the file can
// be trusted without an HDFS: CRC32C of each 512 bytes, MD5 of a block's CRCs, MD5 of the blocks' MD5s padded with
// zeros to a power of two, at least 32 bytes (DFSClient's FileChecksumHelper digests its whole buffer).
func TestVectorsFollowTheirDescription(t *testing.T) {
	vectors, err := LoadChecksums("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) != len(vectorRequests) {
		t.Errorf("%d vectors are recorded, but %d asked for", len(vectors), len(vectorRequests))
	}
	for _, v := range vectors {
		size := 0
		for _, n := range v.Writes {
			size += n
		}
		algorithm, sum := fileChecksum(Content(0, size), v.BlockSize)
		if v.Algorithm != algorithm || v.Bytes != sum {
			t.Errorf("writes of %v in blocks of %d: recorded %s %s, computed %s %s", v.Writes, v.BlockSize, v.Algorithm, v.Bytes, algorithm, sum)
		}
	}
}

func fileChecksum(content []byte, blockSize int) (algorithm, sum string) {
	const chunk = 512
	table := crc32.MakeTable(crc32.Castagnoli)
	var digests []byte
	for at := 0; at < len(content); at += blockSize {
		block := content[at:min(at+blockSize, len(content))]
		var crcs []byte
		for c := 0; c < len(block); c += chunk {
			crcs = binary.BigEndian.AppendUint32(crcs, crc32.Checksum(block[c:min(c+chunk, len(block))], table))
		}
		d := md5.Sum(crcs)
		digests = append(digests, d[:]...)
	}
	padded := 32
	for padded < len(digests) {
		padded *= 2
	}
	bytesPerCRC, crcsPerBlock, kind := chunk, 0, "CRC32C"
	switch {
	case len(content) == 0:
		bytesPerCRC, kind = 0, "CRC32"
	case len(content) > blockSize:
		crcsPerBlock = blockSize / chunk
	}
	whole := md5.Sum(append(digests, make([]byte, padded-len(digests))...))
	out := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, uint32(bytesPerCRC)), uint64(crcsPerBlock))
	out = append(append(out, whole[:]...), 0, 0, 0, 0)
	return fmt.Sprintf("MD5-of-%dMD5-of-%d%s", crcsPerBlock, bytesPerCRC, kind), hex.EncodeToString(out)
}

func TestNormalReplies(t *testing.T) {
	n := normalizer{dir: "/oracle/x", replication: "3"}
	for _, c := range []struct {
		name string
		in   response
		want string
	}{
		{
			"status",
			response{200, map[string][]string{"Content-Type": {"application/json"}, "Content-Length": {"9"}, "Date": {"now"}}, []byte(
				`{"FileStatus":{"modificationTime":1700000000000,"accessTime":1000,"fileId":16390,"replication":3,"length":3,"pathSuffix":""}}`)},
			`{"status":200,"header":{"Content-Type":"application/json"},"json":{"FileStatus":{"accessTime":1000,"fileId":"{id}","length":3,"modificationTime":"{time}","pathSuffix":"","replication":"{default}"}}}`,
		},
		{
			"the root's children",
			response{200, map[string][]string{"Content-Type": {"application/json"}}, []byte(`{"childrenNum":7,"fileId":16385}`)},
			`{"status":200,"header":{"Content-Type":"application/json"},"json":{"childrenNum":"{children}","fileId":16385}}`,
		},
		{
			"a file id as text is no file id",
			response{200, map[string][]string{"Content-Type": {"application/json"}}, []byte(`{"fileId":"16390"}`)},
			`{"status":200,"header":{"Content-Type":"application/json"},"json":{"fileId":"16390"}}`,
		},
		{
			"message",
			response{403, map[string][]string{"Content-Type": {"application/json; charset=utf-8"}}, []byte(
				`{"RemoteException":{"message":"/oracle/x/f for client 10.1.2.3 already\nexists\n\tat java.lang"}}`)},
			`{"status":403,"header":{"Content-Type":"application/json; charset=utf-8"},"json":{"RemoteException":{"message":"{dir}/f for client {host} already\nexists"}}}`,
		},
		{
			"redirect",
			response{307, map[string][]string{"Location": {"http://h:1/webhdfs/v1/oracle/x/caf%C3%A9?op=create&ticket=1"}, "Content-Length": {"0"}}, nil},
			`{"status":307,"header":{"Content-Length":"0","Location":"http://{host}/webhdfs/v1{dir}/café?op=CREATE"}}`,
		},
		{"content", response{200, nil, []byte("hello")}, `{"status":200,"content":"hello"}`},
		{"binary content", response{200, nil, []byte{0, 1}}, `{"status":200,"content":"bytes:2 md5:441077cc9e57554dd476bdfb8b8b8102"}`},
		{"html", response{400, map[string][]string{"Content-Type": {"text/html"}, "Content-Length": {"5"}}, []byte("<h1>x")}, `{"status":400,"header":{"Content-Type":"text/html"},"content":"<html>"}`},
	} {
		r, err := n.reply(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := compact(r)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
	for _, bad := range []string{`{"a":1}{}`, `{"a":`} {
		if r, err := n.reply(response{200, map[string][]string{"Content-Type": {"application/json"}}, []byte(bad)}); err == nil {
			t.Errorf("body %s: got %+v, want an error", bad, r)
		}
	}
}

func TestCompareNamesWhatDiffers(t *testing.T) {
	want := []Answer{{Request: "q", Replies: []Reply{{Status: 200, Header: map[string]string{"A": "1"}, JSON: []byte(`{"a":{"b":1,"c":2}}`)}}}}
	got := []Answer{{Request: "q", Replies: []Reply{{Status: 201, Header: map[string]string{"B": "1"}, JSON: []byte(`{"a":{"b":1,"c":null}}`)}, {}}}}
	var fields []string
	for _, m := range Compare(want, got) {
		fields = append(fields, m.Field+" "+m.Want+" "+m.Got)
	}
	const all = "replies 1 2|status 200 201|header A 1 |header B  1|json.a.c 2 null"
	if g := strings.Join(fields, "|"); g != all {
		t.Errorf("got %s, want %s", g, all)
	}
	if same := Compare(want, want); len(same) != 0 {
		t.Errorf("a thing differs from itself: %v", same)
	}
}

func TestADifferenceExcusesNothingElse(t *testing.T) {
	flattened := Reply{Status: 403, JSON: []byte(`{"RemoteException":{"exception":"RemoteException","javaClassName":"org.apache.hadoop.ipc.RemoteException","message":"m"}}`)}
	excused := func(got Reply) bool {
		for _, m := range Compare([]Answer{{Replies: []Reply{flattened}}}, []Answer{{Replies: []Reply{got}}}) {
			if Excuse("create", "reserved names", m) == nil {
				return false
			}
		}
		return true
	}
	if !excused(Reply{Status: 400, JSON: []byte(`{"RemoteException":{"exception":"InvalidPathException","javaClassName":"org.apache.hadoop.fs.InvalidPathException","message":"m"}}`)}) {
		t.Error("the true class of a flattened exception is not excused")
	}
	if excused(Reply{Status: 400, JSON: []byte(`{"RemoteException":{"exception":"IOException","javaClassName":"java.io.IOException","message":"m"}}`)}) {
		t.Error("any class is excused where only three are listed")
	}
	if excused(Reply{Status: 200, JSON: []byte(`{"boolean":true}`)}) {
		t.Error("success is excused where HDFS refuses")
	}
}
