package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

// content is of n bytes that differ from place to place.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7) ^ byte(i>>8)
	}
	return b
}

func read(t *testing.T, s *s3.Store, id blocks.ID, off, n int64) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), id, off, n)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// objects returns what the server's folder has below a prefix besides folders, parts of unfinished uploads included.
func objects(t *testing.T, server *s3test.Server, of string) (found []string) {
	t.Helper()
	if err := filepath.WalkDir(filepath.Join(server.Folder, s3test.Bucket), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, of) {
			found = append(found, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

var sizes = []int{0, 100, s3.PartSize, 2*s3.PartSize + 5}

// A Put whose answer is lost has happened once, and one that is refused has not.
// A Put whose caller leaves while the object is made takes it away again.
// A Put that is refused takes away what its first request made, whose answer was lost.
// A Put takes away what its first request makes only after a later one has been told that there is no upload.
// What breaks while a block is read is asked for anew, and nothing is read twice or left out.
func TestReadThroughFaults(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("read"))
	s.Impatient(100 * time.Millisecond)
	id, want := blocks.NewID(), content(300_000)
	if err := s.Put(t.Context(), id, bytes.NewReader(want), int64(len(want))); err != nil {
		t.Fatal(err)
	}
	const off, n = 1000, 250_000
	for _, tt := range []struct {
		name  string
		times int
		fault s3test.Fault
		err   error
	}{
		{"cut off", 5, s3test.CutBody(10_000), nil},
		{"stalled", 3, s3test.Stall(10_000), nil},
		{"slow down", 2, s3test.Answer(503, "SlowDown"), nil},
		{"cut off again and again", 100, s3test.CutBody(0), blocks.ErrUnavailable},
		{"nothing comes", 100, s3test.Stall(0), blocks.ErrUnavailable},
		{"not allowed", 1, s3test.Answer(403, "AccessDenied"), blocks.ErrUnavailable},
		{"no such bucket", 1, s3test.Answer(404, "NoSuchBucket"), blocks.ErrUnavailable},
		{"gone", 1, s3test.Answer(404, "NoSuchKey"), blocks.ErrNotExist},
	} {
		proxy.Befall("GET", id.String(), tt.times, tt.fault)
		got, err := read(t, s, id, off, n)
		if tt.err == nil && (err != nil || !bytes.Equal(got, want[off:off+n])) || !errors.Is(err, tt.err) {
			t.Errorf("%s: %d bytes, %v, want %v", tt.name, len(got), err, tt.err)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) { // those who read archives take it for their end
			t.Errorf("%s: %v, which wraps that of an end", tt.name, err)
		}
		if seen := proxy.Befallen(); seen == 0 || tt.err == nil && seen != tt.times {
			t.Errorf("%s: befell %d requests", tt.name, seen)
		}
	}
	proxy.Befall("GET", id.String(), 1, s3test.WithoutHeader("Range"))
	if got, err := read(t, s, id, off, n); err == nil {
		t.Errorf("a store that ignores ranges: %d bytes", len(got))
	} else if !errors.Is(err, blocks.ErrUnavailable) { // it is no fault of the block
		t.Errorf("a store that ignores ranges: %v, want %v", err, blocks.ErrUnavailable)
	}
}

// That a block does not exist is believed of a store only, not of whatever else answers in its place.
func TestNotFoundByOthers(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("lost"))
	id := blocks.NewID()
	if err := s.Put(t.Context(), id, strings.NewReader("grain"), 5); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{0, 5} {
		for name, fault := range map[string]s3test.Fault{
			"a proxy that has lost its store": func(w http.ResponseWriter, r *http.Request, _ http.Handler) { http.NotFound(w, r) },
			"no such bucket":                  s3test.Answer(404, "NoSuchBucket"),
		} {
			for _, method := range []string{"HEAD", "GET"} {
				proxy.Befall(method, "", 100, fault)
			}
			if _, err := read(t, s, id, 0, n); !errors.Is(err, blocks.ErrUnavailable) || errors.Is(err, blocks.ErrNotExist) {
				t.Errorf("%s, %d bytes: %v, want %v", name, n, err, blocks.ErrUnavailable)
			}
			is, err := s.Mark(t.Context())
			if !errors.Is(err, blocks.ErrUnavailable) {
				t.Errorf("%s: the mark %q, %v, want %v", name, is, err, blocks.ErrUnavailable)
			} else if strings.HasPrefix(name, "a proxy") && !strings.Contains(err.Error(), "no S3 store") {
				t.Errorf("%s: the mark: %v", name, err)
			}
			proxy.Befallen()
		}
		proxy.Befall("HEAD", "", 1, s3test.Answer(404, "NoSuchKey"))
		if got, err := read(t, s, id, 0, n); err != nil || int64(len(got)) != n {
			t.Errorf("it has come meanwhile, %d bytes: %q, %v", n, got, err)
		}
		proxy.Befallen()
		if _, err := read(t, s, blocks.NewID(), 0, n); !errors.Is(err, blocks.ErrNotExist) {
			t.Errorf("no such block, %d bytes: %v, want %v", n, err, blocks.ErrNotExist)
		}
	}
}

// A store that begins an answer and never ends it is not waited for.
func TestNoEndOfAnswer(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("endless"))
	id := blocks.NewID()
	if err := s.Put(t.Context(), id, strings.NewReader("grain"), 5); err != nil {
		t.Fatal(err)
	}
	s.Hasty(200 * time.Millisecond)
	for name, do := range map[string]func(context.Context) error{
		"open": func(ctx context.Context) error {
			_, err := s.Open(ctx, id, 0, 5)
			return err
		},
		"look": func(ctx context.Context) error {
			_, err := s.Open(ctx, id, 0, 0)
			return err
		},
		"list": func(ctx context.Context) error {
			var errs []error
			for _, err := range s.List(ctx) {
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		},
		"delete": func(ctx context.Context) error { return s.Delete(ctx, id) },
		"sweep":  s.Sweep,
	} {
		for _, status := range []int{200, 400} {
			if status == 200 && (name == "open" || name == "look") { // the bytes themselves: see TestReadThroughFaults
				continue
			}
			for _, method := range []string{"GET", "POST"} {
				proxy.Befall(method, "", 100, s3test.AnswerInPart(status))
			}
			proxy.Befall("HEAD", "", 100, s3test.Answer(404, ""))
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if err := do(ctx); !errors.Is(err, blocks.ErrUnavailable) || ctx.Err() != nil || strings.Contains(err.Error(), "block .:") {
				t.Errorf("%s, %d: %v, want %v", name, status, err, blocks.ErrUnavailable)
			}
			cancel()
			proxy.Befallen()
		}
	}
	proxy.Befall("PUT", "", 100, s3test.Answer(409, "ConditionalRequestConflict"))
	if err := s.Put(t.Context(), blocks.NewID(), strings.NewReader("grain"), 5); !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("put, always undecided: %v, want %v", err, blocks.ErrUnavailable)
	}
	proxy.Befallen()
	for info, err := range s.List(t.Context()) {
		<-time.After(300 * time.Millisecond) // is no fault of the store
		if err != nil || info.ID != id {
			t.Errorf("a slow reader of the list: %v, %v", info, err)
		}
	}
}

// An unfinished upload goes with a sweep, and its writer fails. What is not a block's stays.
func TestSweep(t *testing.T) {
	server := s3test.Start(t)
	s := open(t, server.URL("swept"))
	id, swept := blocks.NewID(), false
	r := io.MultiReader(bytes.NewReader(content(s3.PartSize+1)), readerFunc(func([]byte) (int, error) {
		eventually(t, "the part is there", func() bool {
			return slices.ContainsFunc(objects(t, server, ".sgwtmp"), func(path string) bool { return strings.HasSuffix(path, "/1") })
		})
		if err := s.Sweep(t.Context()); err != nil || len(objects(t, server, ".sgwtmp")) == 0 {
			t.Errorf("a sweep removes what is new: %v", err)
		}
		swept = true
		if err := s.SweepAll(t.Context()); err != nil || len(objects(t, server, ".sgwtmp")) > 0 {
			t.Errorf("a sweep leaves %v: %v", objects(t, server, ".sgwtmp"), err)
		}
		return 0, io.EOF
	}))
	if err := s.Put(t.Context(), id, r, blocks.SizeUnknown); err == nil || !swept {
		t.Errorf("put while its parts are swept: %v", err)
	}
	if left := objects(t, server, id.String()); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A sweep that fails for one upload removes the others, gives up if all are refused, and leaves no goroutine behind.
func TestSweepFails(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("unswept"))
	for range 5 {
		if err := s.Begin(t.Context(), blocks.NewID()); err != nil {
			t.Fatal(err)
		}
	}
	proxy.Befall("DELETE", "uploadId=", 1_000_000, s3test.Answer(403, "AccessDenied"))
	if err := s.SweepAll(t.Context()); !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("refused: %v", err)
	}
	if seen := proxy.Befallen(); seen != 3 {
		t.Errorf("asked %d times for what is refused", seen)
	}
	proxy.Befall("DELETE", "uploadId=", 1, s3test.Answer(403, "AccessDenied"))
	if err := s.SweepAll(t.Context()); !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("one is refused: %v", err)
	}
	proxy.Befallen()
	proxy.Befall("DELETE", "uploadId=", 1_000_000, s3test.Answer(403, "AccessDenied"))
	if err := s.SweepAll(t.Context()); err == nil || proxy.Befallen() != 1 {
		t.Errorf("others are left than the one that was refused: %v", err)
	}
	awaitNone(t, "listIncompleteUploads")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A store that overwrites what is to be new is refused.
// Other things in the bucket are none of the store's business.
func TestListPassesOver(t *testing.T) {
	server := s3test.Start(t)
	outer, inner := open(t, server.URL("")), open(t, server.URL("deep/er"))
	var ids [2]blocks.ID
	for i, s := range []*s3.Store{outer, inner} {
		ids[i] = blocks.NewID()
		if err := s.Put(t.Context(), ids[i], strings.NewReader("grain"), 5); err != nil {
			t.Fatal(err)
		}
		if err := s.SetMark(t.Context(), "mark"); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range []*s3.Store{outer, inner} {
		var found []blocks.ID
		for info, err := range s.List(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, info.ID)
		}
		if !slices.Equal(found, ids[i:i+1]) {
			t.Errorf("store %d lists %v, want %v", i, found, ids[i:i+1])
		}
	}
}

// A failed deletion says which blocks are left.
func TestDeleteFails(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("deleted"))
	id := blocks.NewID()
	if err := s.Put(t.Context(), id, strings.NewReader("grain"), 5); err != nil {
		t.Fatal(err)
	}
	proxy.Befall("POST", "delete=", 1, s3test.Answer(403, "AccessDenied"))
	if err := s.Delete(t.Context(), id); !errors.Is(err, blocks.ErrUnavailable) || !strings.Contains(err.Error(), id.String()) {
		t.Errorf("refused: %v", err)
	}
	proxy.Befall("POST", "delete=", 1, s3test.LoseAnswer())
	if err := s.Delete(t.Context(), id, blocks.NewID()); err != nil {
		t.Error(err)
	}
	if _, err := read(t, s, id, 0, 5); !errors.Is(err, blocks.ErrNotExist) {
		t.Errorf("deleted: %v", err)
	}
}
