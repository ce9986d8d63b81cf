package oracle

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// A Vector is the checksum that HDFS reports for a file of known content.
type Vector struct {
	BlockSize int    `json:"blockSize"`
	Writes    []int  `json:"writes"`    // bytes: the first by CREATE, each further one by an APPEND
	Algorithm string `json:"algorithm"` // as in the reply to GETFILECHECKSUM, like Bytes
	Bytes     string `json:"bytes"`
}

// checksumFile is the content of testdata/checksums.json.
type checksumFile struct {
	Content string   `json:"content"`
	Vectors []Vector `json:"vectors"`
}

// checksumName is the name of the golden file.
const checksumName = "checksums.json"

// mib is HDFS's smallest block.
const mib = 1 << 20

// vectorRequests are the files to ask about, without the answers: sizes around a chunk (512 bytes), around a block, and around
// the doublings of the buffer whose padding HDFS digests (2, 4, 8 and 16 blocks), and appends that begin and end
// anywhere.
var vectorRequests = []Vector{
	{BlockSize: mib, Writes: []int{0}},
	{BlockSize: mib, Writes: []int{1}},
	{BlockSize: mib, Writes: []int{511}},
	{BlockSize: mib, Writes: []int{512}},
	{BlockSize: mib, Writes: []int{513}},
	{BlockSize: mib, Writes: []int{65536}},
	{BlockSize: mib, Writes: []int{mib - 1}},
	{BlockSize: mib, Writes: []int{mib}},
	{BlockSize: mib, Writes: []int{mib + 1}},
	{BlockSize: mib, Writes: []int{2 * mib}},
	{BlockSize: mib, Writes: []int{2*mib + 1}},
	{BlockSize: mib, Writes: []int{3 * mib}},
	{BlockSize: mib, Writes: []int{4 * mib}},
	{BlockSize: mib, Writes: []int{4*mib + 1}},
	{BlockSize: mib, Writes: []int{8*mib + 513}},
	{BlockSize: mib, Writes: []int{16 * mib}},
	{BlockSize: mib, Writes: []int{17 * mib}},
	{BlockSize: mib + 512, Writes: []int{3 * mib}},
	{BlockSize: 2 * mib, Writes: []int{3 * mib}},
	{BlockSize: 128 * mib, Writes: []int{3 * mib}},
	{BlockSize: mib, Writes: []int{0, 5}},
	{BlockSize: mib, Writes: []int{5, 0}},
	{BlockSize: mib, Writes: []int{100, 200}},
	{BlockSize: mib, Writes: []int{512, 512}},
	{BlockSize: mib, Writes: []int{513, 511, 1}},
	{BlockSize: mib, Writes: []int{mib - 1, 1}},
	{BlockSize: mib, Writes: []int{mib - 1, 2}},
	{BlockSize: mib, Writes: []int{mib, 1}},
	{BlockSize: mib, Writes: []int{mib + 700, mib + 700}},
	{BlockSize: mib, Writes: []int{700, 2 * mib, 700}},
}

// Checksums writes the file of every vector and returns the vectors with the server's answers.
func (s *Server) Checksums() ([]Vector, error) {
	all := make([]Vector, len(vectorRequests))
	for i, v := range vectorRequests {
		answered, err := s.checksum(v)
		if err != nil {
			return nil, fmt.Errorf("checksum of %v in blocks of %d: %w", v.Writes, v.BlockSize, err)
		}
		all[i] = answered
	}
	return all, nil
}

func (s *Server) checksum(v Vector) (Vector, error) {
	talk := conversation{server: s, dir: "/oracle/checksums"}
	create := fmt.Sprintf("{dir}/f?op=CREATE&overwrite=true&blocksize=%d", v.BlockSize)
	written := 0
	for i, n := range v.Writes {
		st := step{line: "write " + fmt.Sprint(n), user: Superuser, method: http.MethodPut, target: create}
		if i > 0 {
			st.method, st.target = http.MethodPost, "{dir}/f?op=APPEND"
		}
		st.hops = []hop{{body: Content(written, n)}}
		replies, err := talk.perform(st)
		if err != nil {
			return Vector{}, err
		}
		if last := replies[len(replies)-1]; len(replies) != 2 || last.status >= http.StatusMultipleChoices {
			return Vector{}, fmt.Errorf("%s: got status %d %s", st.line, last.status, last.body)
		}
		written += n
	}
	replies, err := talk.perform(step{line: "checksum", user: Superuser, method: http.MethodGet, target: "{dir}/f?op=GETFILECHECKSUM", hops: []hop{{}}})
	if err != nil {
		return Vector{}, err
	}
	last := replies[len(replies)-1]
	var reply struct {
		FileChecksum struct{ Algorithm, Bytes string }
	}
	if err := json.Unmarshal(last.body, &reply); err != nil || last.status != http.StatusOK {
		return Vector{}, fmt.Errorf("want a FileChecksum, got status %d %s", last.status, last.body)
	}
	v.Algorithm, v.Bytes = reply.FileChecksum.Algorithm, reply.FileChecksum.Bytes
	return v, nil
}

// LoadChecksums reads the recorded vectors from dir.
func LoadChecksums(dir string) ([]Vector, error) {
	text, err := os.ReadFile(filepath.Join(dir, checksumName))
	if err != nil {
		return nil, fmt.Errorf("load checksum vectors: %w", err)
	}
	var file checksumFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("load checksum vectors: %w", err)
	}
	return file.Vectors, nil
}

// SaveChecksums writes the vectors into dir, one per line.
func SaveChecksums(dir string, vectors []Vector) error {
	var b strings.Builder
	b.WriteString(`{
	"content": "Byte i of a file is (i*31+7) mod 251, counted from the start of the file through all its writes; writes[0] bytes come with CREATE, each further number with one APPEND. bytes holds HDFS's 28 bytes of checksum and the 4 zero bytes of buffer that follow them on its wire.",
	"vectors": [`)
	for i, v := range vectors {
		line, err := compact(v)
		if err != nil {
			return fmt.Errorf("save checksum vectors: %w", err)
		}
		fmt.Fprintf(&b, "%s\n\t\t%s", comma(i), line)
	}
	b.WriteString("\n\t]\n}\n")
	if err := os.WriteFile(filepath.Join(dir, checksumName), []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("save checksum vectors: %w", err)
	}
	return nil
}
