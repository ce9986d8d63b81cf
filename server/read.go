package server

import (
	"io"
	"net/http"
	"strconv"

	"granary/namespace"
)

// batch is how many entries LISTSTATUS_BATCH returns at a time, like HDFS's dfs.ls.limit.
const batch = 1000

func (c *call) open() error {
	from := offset.of(c)
	var asked *part
	r, err := c.session.OpenPart(c.ctx, c.path, func(s namespace.Status) (off, n int64, err error) {
		if !offset.given(c) && !length.given(c) { // which take precedence over a Range header
			asked, err = c.ranged(s, c.path.String())
		}
		if err != nil || asked == nil {
			return from, length.of(c), err
		}
		return asked.off, asked.n, nil
	})
	if c.unchanged(err) {
		return nil
	}
	if err != nil {
		return c.preferFirstHop(err)
	}
	defer r.Close()
	if size := r.Status().Size; size > 0 && from == size && c.hadoop && !c.data {
		// In HDFS an offset at the end is an error on the first hop, and an empty answer on the second.
		if _, err := c.session.Locate(c.ctx, c.path, from); err != nil {
			return err
		}
	}
	h := c.w.Header()
	h["Content-Type"] = typeBytes
	if mediaType.given(c) && !c.hadoop {
		h["Content-Type"] = []string{mediaType.of(c)}
	}
	// Whatever a file holds, a browser must neither render nor run it on this origin.
	h["Content-Disposition"] = attachment
	h["Content-Security-Policy"] = sandboxed
	return c.sendFile(r, asked)
}

// sendFile answers with the content of r: the part of the file that was asked for, or all of it if asked is nil.
func (x *exchange) sendFile(r *namespace.Reader, asked *part) error {
	head := x.r.Method == http.MethodHead
	if !head {
		if err := r.Begin(); err != nil { // while it can still be answered
			return err
		}
	}
	h, size := x.w.Header(), r.Size()
	x.w.set("Content-Length", strconv.FormatInt(size, 10))
	h["Accept-Ranges"] = bytesUnit
	x.tagged(r.Status())
	status := http.StatusOK
	if asked != nil {
		status = http.StatusPartialContent
		h.Set("Content-Range", asked.contentRange(r.Status().Size))
	}
	x.w.WriteHeader(status)
	if head {
		return nil
	}
	return copyAll(x.w, r, size)
}

// copyAll copies all of from, and fails unless that is size bytes.
func copyAll(to io.Writer, from io.Reader, size int64) error {
	buffer := buffers.Get().(*[]byte) //nolint:forcetypeassert // of our own pool
	defer buffers.Put(buffer)
	n, err := io.CopyBuffer(writerOnly{to}, readerOnly{from}, *buffer)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// writerOnly and readerOnly hide the ReadFrom and WriteTo that io.CopyBuffer would use instead of our buffer and deadlines.
type (
	writerOnly struct{ io.Writer }
	readerOnly struct{ io.Reader }
)

// preferFirstHop returns the error that HDFS's first hop would have given, if any, and err otherwise: a client that reads in one
// request gets the errors of the first hop before those of the second.
func (c *call) preferFirstHop(err error) error {
	if c.hadoop && !c.data {
		if _, first := c.firstHop(); first != nil {
			return first
		}
	}
	return err
}

func (c *call) getFileStatus() error {
	status, err := c.session.Stat(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = append(b, `{"FileStatus":`...)
		b = appendStatus(b, status)
		return append(b, '}')
	})
}

// listStatus streams its answer, as a directory may have a million entries. Nothing is written before the first page is there,
// so that whatever is wrong with the request is answered as an error. If a later page fails, the answer is cut off.
func (c *call) listStatus() error {
	const begin, between, end = "{\"FileStatuses\":{\"FileStatus\":[", ",", "\n]}}\n"
	next := begin
	return c.session.ListPages(c.ctx, c.path, func(p *namespace.Page) error {
		entries := p.Rendered(appendEntries)
		if c.w.status == 0 {
			c.typed("application/json")
			if !p.More {
				c.w.sized(len(begin) + len(entries) + len(end))
			}
		}
		if len(entries) > 0 || next == begin { // the remaining entries may be gone by now
			if _, err := io.WriteString(c.w, next); err != nil {
				return err
			}
			next = between
		}
		_, err := c.w.Write(entries)
		if err == nil && !p.More {
			_, err = io.WriteString(c.w, end)
		}
		return err
	})
}

// appendEntries renders a page as it stands between the brackets of a listing, with a line for each entry.
func appendEntries(entries []namespace.Status) []byte {
	const usual = 320 // bytes of an entry
	b := make([]byte, 0, usual*len(entries))
	for i := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = appendStatus(b, entries[i])
	}
	return b
}

func (c *call) listStatusBatch() error {
	entries, remaining, err := c.session.ListBatch(c.ctx, c.path, startAfter.of(c), batch)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = append(b, `{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":[`...)
		for i, s := range entries {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendStatus(b, s)
		}
		b = appendNumber(b, `]}},"remainingEntries":`, remaining)
		return append(b, "}}"...)
	})
}

func (c *call) getContentSummary() error {
	summary, err := c.session.Summary(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte { return appendSummary(b, summary) })
}

func (c *call) getFileChecksum() error {
	sum, err := c.session.Checksum(c.ctx, c.path)
	if err != nil {
		return c.preferFirstHop(err)
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		return appendChecksum(b, sum)
	})
}

func (c *call) getHomeDirectory() error { return c.pathReply(c.session.Home()) }

func (c *call) checkAccess() error {
	if err := c.session.CheckAccess(c.ctx, c.path, fsAction.of(c)); err != nil {
		return err
	}
	return c.empty(http.StatusOK)
}

func (c *call) getACLStatus() error {
	status, err := c.session.ACL(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte { return appendACL(b, status) })
}
