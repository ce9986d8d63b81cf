package server

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"granary/auth/perm"
	"granary/namespace"
)

// BatchMember is the outcome of one member of an archive.
type BatchMember struct {
	Name    string        `json:"name" doc:"As in the archive; of a very long one, only the beginning."`
	Path    string        `json:"path,omitempty" doc:"Where it is; absent if no path could be made for it."`
	Status  int64         `json:"status" doc:"201: the file is written, 200: the directory is there, else the status that a request for it alone would have got."`
	FileID  int64         `json:"fileId,omitempty" doc:"Of a file that is written."`
	ETag    string        `json:"etag,omitempty" doc:"Of a file that is written."`
	Problem *BatchProblem `json:"problem,omitempty" doc:"Why it is not written; absent if it is."`
}

// BatchProblem is the problem that a request for the member alone would have been answered with.
type BatchProblem struct {
	Type      string `json:"type" doc:"Always about:blank: the status tells the kind of problem."`
	Title     string `json:"title" doc:"The kind of failure."`
	Status    int64  `json:"status" doc:"The HTTP status."`
	Detail    string `json:"detail" doc:"What was wrong."`
	Instance  string `json:"instance,omitempty" doc:"The path that it was about."`
	Exception string `json:"exception,omitempty" doc:"The name of the exception in HDFS."`
	RequestID string `json:"requestId" doc:"Identifies the request in the server's log."`
}

// BatchWritten is the outcome of an archive.
type BatchWritten struct {
	Members []BatchMember `json:"members" doc:"In the order of the archive, those that were looked at."`
	Written int64         `json:"written" doc:"How many files were written."`
	Failed  int64         `json:"failed" doc:"How many members were not written."`
	Problem *BatchProblem `json:"problem,omitempty" doc:"Why the archive was not read to its end: nothing after the listed members was written. Absent: it was read to its end."`
}

// Bounds of an archive that is written, in addition to those of all batches.
const (
	batchWriters = 32               // files that are written concurrently
	batchTold    = 8 << 20          // bytes of names, paths and problems in an answer, about
	batchName    = 1 << 10          // bytes of a name in the answer
	batchFinish  = 30 * time.Second // for writing a file whose content has arrived
)

// archiveError says why the rest of an archive is not read.
type archiveError struct{ msg string }

func (e *archiveError) Error() string { return e.msg }

// batchWriter writes the members of an archive.
type batchWriter struct {
	*call
	writers chan struct{}
	writing sync.WaitGroup

	mu      sync.Mutex
	members []*BatchMember
	told    int                      // bytes of their names, paths and problems
	busy    map[string]chan struct{} // by path; closed when the member at it is done
	times   map[string]int           // how often a path has come
	away    error                    // of the first member for which the block store was not available
}

// batchWrite writes the members of an archive as they arrive, several concurrently, and answers when all are done.
func (c *call) batchWrite() error {
	for _, name := range []string{ifMatch, ifNoneMatch} {
		if text, ok := c.r.Header[name]; ok {
			return c.badHeader(name, strings.Join(text, ", "), "is a condition, and an archive takes none: leave it out, and leave out overwrite to keep what is there")
		}
	}
	leave, err := c.enterBatch()
	if err != nil {
		return err
	}
	defer leave()
	w := &batchWriter{call: c, writers: make(chan struct{}, batchWriters), busy: map[string]chan struct{}{}, times: map[string]int{}}
	cut := w.read()
	w.writing.Wait()
	if len(w.members) == 0 && cut != nil {
		return unreadable(cut)
	}
	out := BatchWritten{Members: make([]BatchMember, len(w.members))}
	for i, m := range w.members {
		out.Members[i] = *m
		switch {
		case m.Problem != nil:
			out.Failed++
		case m.Status == http.StatusCreated:
			out.Written++
		}
	}
	status := http.StatusOK
	if cut != nil {
		out.Problem = w.partProblem(unreadable(cut), "")
	}
	if cut != nil || out.Failed > 0 {
		status = http.StatusMultiStatus
	}
	return c.replyJSON(status, out)
}

// unreadable is the error for an archive that could not be read any further.
func unreadable(err error) error {
	var (
		cut  *truncated
		ours *archiveError
		msg  string
	)
	switch {
	case errors.As(err, &cut) || errors.Is(err, io.ErrUnexpectedEOF):
		msg = "The archive ended before its end. Files that were complete are written; send what is missing again."
	case errors.As(err, &ours):
		msg = ours.msg
	case errors.Is(err, tar.ErrHeader):
		msg = "What was read is no tar archive, at least not here: send one that is not compressed."
	default:
		msg = "The archive cannot be read: " + printable(err.Error())
	}
	return &namespace.Error{Op: "read the archive", Kind: namespace.InvalidArgument, Msg: msg}
}

// read reads the archive to its end, or fails with the reason why it cannot.
func (w *batchWriter) read() error {
	in := tar.NewReader(w.body)
	var content int64
	for {
		h, err := in.Next()
		switch {
		case err == io.EOF && w.body.n == 0:
			return &archiveError{"There is no archive: send a tar archive as the body."}
		case err == io.EOF:
			return w.rest()
		case err != nil:
			return err
		case h.Typeflag == tar.TypeXGlobalHeader:
			continue
		case len(w.members) == batchMembers:
			return &archiveError{fmt.Sprintf("The archive has more than %d members: send the rest in another.", batchMembers)}
		case w.tells() > batchTold:
			return &archiveError{"There is more to tell of the members than an answer holds: look at those that it has, and send the rest in another archive."}
		}
		if h.Typeflag == tar.TypeReg && !sparse(h) { // others have no content, whatever their header says
			if h.Size > batchContent-content {
				return &archiveError{fmt.Sprintf("The files of the archive have more than %d bytes: send the rest in another.", int64(batchContent))}
			}
			content += h.Size
		}
		if err := w.member(in, h); err != nil {
			return err
		}
	}
}

// rest reads and ignores what follows the end of the archive: padding of zeros, or anything else.
func (w *batchWriter) rest() error {
	_, err := io.Copy(io.Discard, io.LimitReader(w.body, 1<<20))
	if cut := (*truncated)(nil); errors.As(err, &cut) {
		return nil
	}
	return err
}

// tell counts a text of the answer.
func (w *batchWriter) tell(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told += written(text)
}

// written returns how many bytes a text takes in an answer: up to six for a character that JSON escapes.
func written(text string) int { return len(appendJSON(nil, text)) }

func (w *batchWriter) tells() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

// member writes one member. It fails only if the archive cannot be read any further.
func (w *batchWriter) member(in io.Reader, h *tar.Header) error {
	// The clone lets go of the member's whole header, which may be a megabyte and of which the name is a part.
	m := &BatchMember{Name: strings.Clone(strings.ToValidUTF8(h.Name[:min(len(h.Name), batchName)], "\uFFFD"))}
	w.mu.Lock()
	w.members = append(w.members, m)
	w.mu.Unlock()
	w.tell(m.Name)
	path, err := w.place(h)
	if err == nil {
		m.Path = path.String()
		w.tell(m.Path)
		err = w.spend(writing, 1)
	}
	if err != nil {
		w.done(m, namespace.Status{}, err)
		return nil
	}
	one := w.forOne(path)
	switch {
	case h.Typeflag == tar.TypeDir:
		defer w.waitFor(path)()
		_, err := one.session.Mkdirs(one.ctx, path, namespace.MkdirOptions{Mode: perm.Mode(h.Mode & 0o1777)})
		w.done(m, namespace.Status{Dir: true}, err)
		return nil
	case h.Size > namespace.InlineMax:
		// Written as it arrives, since it is too large to be held in memory.
		defer w.waitFor(path)()
		status, err := w.create(one, path, h, memberReader{in})
		w.done(m, status, err)
		return nil // if the archive ended early, the next read fails
	}
	content := make([]byte, h.Size)
	if _, err := io.ReadFull(memberReader{in}, content); err != nil {
		w.done(m, namespace.Status{}, err)
		return err
	}
	w.writers <- struct{}{}
	ready := w.waitFor(path)
	w.writing.Go(func() {
		defer func() { <-w.writers }()
		defer ready()
		var status namespace.Status
		err := beside(func() (err error) {
			// A file that has arrived as a whole is written even if the client has left since.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(one.ctx), batchFinish)
			defer cancel()
			one.ctx = ctx
			status, err = w.create(one, path, h, bytes.NewReader(content))
			return err
		})
		w.done(m, status, err)
	})
	return nil
}

// create writes a member's file. Once the store was not available to one member, it is not asked for others: each might wait for it as long,
// and the batch keeps its place meanwhile.
func (w *batchWriter) create(one *call, path namespace.Path, h *tar.Header, content io.Reader) (namespace.Status, error) {
	if h.Size > namespace.RowMax {
		if err := w.awayFor(path); err != nil {
			return namespace.Status{}, err
		}
	}
	status, err := one.session.Create(one.ctx, path, w.options(h), content)
	if namespace.StoreAway(err) {
		w.mu.Lock()
		w.away = err
		w.mu.Unlock()
	}
	return status, err
}

// awayFor returns the error for a member at path that needs the store, if the store was not available to another one.
func (w *batchWriter) awayFor(path namespace.Path) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var e *namespace.Error
	if !errors.As(w.away, &e) {
		return nil
	}
	return &namespace.Error{Op: e.Op, Path: path.String(), Kind: e.Kind, Msg: e.Msg, Err: e.Err}
}

// memberReader reads the content of a member. It reports every failure as a request body that ended early.
type memberReader struct{ io.Reader }

func (r memberReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = &truncated{err}
	}
	return n, err
}

// place returns the path at which a member is written, or an error if it cannot be.
func (w *batchWriter) place(h *tar.Header) (namespace.Path, error) {
	refuse := func(kind namespace.Kind, format string, args ...any) (namespace.Path, error) {
		return namespace.Path{}, &namespace.Error{Op: "create", Kind: kind, Msg: fmt.Sprintf(format, args...)}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(h.Name, "./"), "/")
	switch {
	case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeDir:
		return refuse(namespace.Unsupported, "%s is neither a file nor a directory: there are no links and no devices here", printable(h.Name))
	case sparse(h):
		return refuse(namespace.Unsupported, "%s is stored with holes: send it without (tar without --sparse)", printable(h.Name))
	case strings.HasPrefix(name, "/"):
		return refuse(namespace.InvalidPath, "Invalid path name %s: a member's name is relative to the path that the request names", printable(h.Name))
	case len(name) > 4*namespace.MaxPath:
		return refuse(namespace.InvalidPath, "Invalid path name %s: it is too long", printable(h.Name))
	case name == "" || name == ".":
		if h.Typeflag == tar.TypeDir {
			return ofPath.of(w.call), nil
		}
		return refuse(namespace.InvalidPath, "Invalid path name %s: a file needs a name", printable(h.Name))
	}
	return namespace.ParsePath(ofPath.of(w.call).String() + "/" + name)
}

// options returns the options with which a member's file is created.
func (w *batchWriter) options(h *tar.Header) namespace.CreateOptions {
	o := namespace.CreateOptions{Overwrite: overwrite.of(w.call), CreateParent: true, Mode: perm.Mode(h.Mode & 0o777), Size: h.Size}
	if mode := batchPermission.of(w.call); mode != nil {
		o.Mode = *mode
	}
	return o
}

// forOne returns the call for one member alone. If the request has an operation id, the member's is derived from it, the path,
// and how often the path has come in this archive, so that an archive that is sent again does nothing twice.
func (w *batchWriter) forOne(path namespace.Path) *call {
	one := *w.call
	one.session = w.server.fs.As(w.principal).From(w.client)
	if w.operation != uuid.Nil {
		w.times[path.String()]++
		one.ctx = namespace.WithOperation(w.ctx, uuid.NewSHA1(w.operation, fmt.Appendf(nil, "%d %s", w.times[path.String()], path)))
	}
	return &one
}

// waitFor waits until the previous member at the same path is done, so that the last one in the archive is the one that stays.
// The caller calls ready when its own member is done.
func (w *batchWriter) waitFor(path namespace.Path) (ready func()) {
	w.mu.Lock()
	before := w.busy[path.String()]
	mine := make(chan struct{})
	w.busy[path.String()] = mine
	w.mu.Unlock()
	if before != nil {
		<-before
	}
	return func() { close(mine) }
}

// done records the outcome of a member.
func (w *batchWriter) done(m *BatchMember, s namespace.Status, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		m.Problem = w.partProblem(err, m.Path)
		m.Status = m.Problem.Status
		w.told += written(m.Problem.Detail) + written(m.Problem.Instance)
	case s.Dir:
		m.Status = http.StatusOK
	default:
		m.Status, m.FileID, m.ETag = http.StatusCreated, s.ID, entityTag(s.Revision())
	}
}

// sparse reports whether a member has holes, which read as any number of zeros without taking a byte of the archive. Sparse
// members of the older format have a type of their own.
func sparse(h *tar.Header) bool {
	for record := range h.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return true
		}
	}
	return false
}
