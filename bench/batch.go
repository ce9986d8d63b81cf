package main

import (
	"archive/tar"
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// batchPath is the route on which Granary sends many files at once, as a tar archive.
const batchPath = "/api/v1/fs/batch-read"

// readBatch reads files in one request and compares each with its expected content, in order.
func (c *client) readBatch(paths []string, want []content) error {
	text, err := json.Marshal(map[string]any{"paths": paths})
	if err != nil {
		return err
	}
	q := request{method: "POST", uri: batchPath, header: c.to.header, json: text}
	return wrap("batch-read from", paths[0], c.do(c.to.addr, q, func(a reply) error {
		if err := c.expect(a, http.StatusOK); err != nil {
			return err
		}
		return c.compareTar(a.body, paths, want)
	}))
}

// batchEnd is the last member of an archive, which counts the files. An archive without it was cut off.
const batchEnd = "__granary__/end.json"

// compareTar reads an archive to its end. It must hold exactly these files, and its last member must count them.
func (c *client) compareTar(r io.Reader, paths []string, want []content) error {
	members := archive{r: r}
	for i := range paths {
		name, kind, body, err := members.next()
		if err != nil {
			return fmt.Errorf("member %d of %d: %w", i+1, len(paths), err)
		}
		if string(name) != strings.TrimPrefix(paths[i], "/") || kind != tar.TypeReg {
			return fmt.Errorf("member %d of %d is %q of type %q, where the file %s is due", i+1, len(paths), name, kind, paths[i])
		}
		if err := want[i].compare(body, c.buf); err != nil {
			return fmt.Errorf("%s: %w", paths[i], err)
		}
	}
	name, _, body, err := members.next()
	if err != nil {
		return fmt.Errorf("the archive has all %d files but not its end: %w", len(paths), err)
	}
	if string(name) != batchEnd {
		return fmt.Errorf("after the %d files comes the member %q, where %s is due", len(paths), name, batchEnd)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("%s: %w", batchEnd, err)
	}
	var end struct{ Read, Failed int }
	if err := json.Unmarshal(text, &end); err != nil {
		return fmt.Errorf("%s: %w", batchEnd, err)
	}
	if end.Read != len(paths) || end.Failed != 0 {
		return fmt.Errorf("the archive says that %d files were read and %d not, and has %d", end.Read, end.Failed, len(paths))
	}
	if name, _, _, err := members.next(); err == nil {
		return fmt.Errorf("after the end comes the member %q", name)
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// batches reports whether the server has the route.
func (c *client) batches(path string, want content) (bool, error) {
	err := c.readBatch([]string{path}, []content{want})
	var refused *statusError
	if errors.As(err, &refused) && (refused.got == http.StatusNotFound || refused.got == http.StatusMethodNotAllowed) {
		return false, nil
	}
	return err == nil, err
}

// batchRead is the route on the null server. A missing file ends the archive early, which is error enough for the client.
func (n *null) batchRead(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Paths []string `json:"paths"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header()["Content-Type"] = []string{"application/x-tar"}
	buffered := bufio.NewWriterSize(w, pieceSize)
	archive := tar.NewWriter(buffered)
	for _, path := range wanted.Paths {
		node, err := n.find(path)
		if err != nil {
			return
		}
		if err := archive.WriteHeader(&tar.Header{Name: strings.TrimPrefix(path, "/"), Mode: 0o644, Size: node.body.size, Typeflag: tar.TypeReg}); err != nil {
			return
		}
		if _, err := node.body.WriteTo(archive); err != nil {
			return
		}
	}
	end := fmt.Appendf(nil, `{"read":%d,"failed":0}`, len(wanted.Paths))
	err := archive.WriteHeader(&tar.Header{Name: batchEnd, Mode: 0o644, Size: int64(len(end)), Typeflag: tar.TypeReg})
	if err == nil {
		_, err = archive.Write(end)
	}
	if errors.Join(err, archive.Close()) == nil {
		_ = buffered.Flush() // it fails only if the client hung up
	}
}
