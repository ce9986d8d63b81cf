package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"granary/blocks"
	"granary/blocks/s3"
	"granary/e2e/s3test"
)

// Parts are on their way together, in whatever order they arrive, and one that fails ends the others.
func TestPutSendsPartsTogether(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("together"))
	want := content((s3.SendsAtOnce+2)*s3.PartSize + 1)
	for _, refused := range []bool{false, true} {
		var mu sync.Mutex
		var handlers sync.WaitGroup
		handlers.Add(s3.SendsAtOnce)
		arrived, all := 0, make(chan struct{})
		proxy.Befall("PUT", "partNumber=", s3.SendsAtOnce, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
			defer handlers.Done()
			body, err := io.ReadAll(r.Body) // so that the server notices if the client hangs up
			if err != nil {
				t.Error(err)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			mu.Lock()
			if arrived++; arrived == s3.SendsAtOnce {
				close(all)
			}
			mu.Unlock()
			select {
			case <-all:
			case <-time.After(time.Minute):
				t.Error("the others never came")
			}
			switch first := r.URL.Query().Get("partNumber") == "1"; {
			case first && refused:
				s3test.Answer(403, "AccessDenied")(w, r, forward)
			case first:
				<-time.After(50 * time.Millisecond) // the others arrive before
				forward.ServeHTTP(w, r)
			case refused:
				select {
				case <-r.Context().Done():
				case <-time.After(30 * time.Second):
					t.Error("the others go on")
				}
			default:
				forward.ServeHTTP(w, r)
			}
		})
		id := blocks.NewID()
		err := s.Put(t.Context(), id, bytes.NewReader(want), int64(len(want)))
		handlers.Wait()
		if seen := proxy.Befallen(); seen != s3.SendsAtOnce {
			t.Errorf("befell %d requests, want %d", seen, s3.SendsAtOnce)
		}
		if refused {
			if !errors.Is(err, blocks.ErrUnavailable) || errors.Is(err, context.Canceled) {
				t.Errorf("one is refused: %v, want %v", err, blocks.ErrUnavailable)
			}
			if left := append(objects(t, server, id.String()), objects(t, server, ".sgwtmp")...); len(left) > 0 {
				t.Errorf("one is refused: left %v", left)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, s, id, 0, int64(len(want))); err != nil || !bytes.Equal(got, want) {
			t.Errorf("read %d bytes, or others, %v", len(got), err)
		}
	}
	if left := s.Left(); left != s3.MostPlaces {
		t.Errorf("%d places are left, want %d", left, s3.MostPlaces)
	}
}

// A store that refuses a part is heard at the next byte, and what becomes of the content does not matter any more.
func TestPutHearsOfARefusedPart(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("heard"))
	for name, end := range map[string]error{"goes on": nil, "ends too soon": io.EOF, "is cut off": io.ErrUnexpectedEOF} {
		refused := make(chan struct{})
		proxy.Befall("PUT", "partNumber=", 1, s3test.Then(s3test.Answer(403, "AccessDenied"), func() { close(refused) }))
		reads := 0
		err := s.Put(t.Context(), blocks.NewID(), io.MultiReader(bytes.NewReader(content(s3.PartSize)), readerFunc(func(p []byte) (int, error) {
			<-refused
			eventually(t, "the part is given up", func() bool { return s.Left() == s3.MostPlaces })
			<-time.After(50 * time.Millisecond)
			if reads++; end != nil {
				return 0, end
			}
			return copy(p, "x"), nil
		})), 2*s3.PartSize)
		if !errors.Is(err, blocks.ErrUnavailable) || errors.Is(err, blocks.ErrShort) || errors.Is(err, blocks.ErrUndecided) {
			t.Errorf("its content %s: %v, want %v", name, err, blocks.ErrUnavailable)
		}
		if reads > 10 {
			t.Errorf("its content %s: it was asked for %d times since", name, reads)
		}
		proxy.Befallen()
	}
}

// A part that comes to the store after its upload was given up does not stay.
func TestPutRemovesLateParts(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("late"))
	arrived, given, came := make(chan struct{}), make(chan struct{}), make(chan struct{})
	tell := sync.OnceFunc(func() { close(arrived) })
	proxy.Befall("PUT", "partNumber=1", 1, func(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
		defer close(came)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		late := r.Clone(context.WithoutCancel(r.Context()))
		late.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)-1]), readerFunc(func([]byte) (int, error) {
			tell()
			<-given
			return 0, io.EOF
		}), bytes.NewReader(body[len(body)-1:])))
		forward.ServeHTTP(httptest.NewRecorder(), late)
	})
	proxy.Befall("DELETE", "uploadId=", 1, s3test.Then(func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(w, r)
	}, func() { close(given) }))
	proxy.Befall("DELETE", "uploadId=", 1, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		<-came
		forward.ServeHTTP(w, r)
	})
	hungUp := errors.New("the client has hung up")
	err := s.Put(t.Context(), blocks.NewID(), io.MultiReader(bytes.NewReader(content(s3.PartSize)), readerFunc(func([]byte) (int, error) {
		<-arrived
		return 0, hungUp
	})), blocks.SizeUnknown)
	if !errors.Is(err, hungUp) {
		t.Errorf("put: %v, want %v", err, hungUp)
	}
	<-came
	if left := objects(t, server, ".sgwtmp"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// What answers without the id of an upload is no store.
func TestPutWithoutAnUpload(t *testing.T) {
	server := s3test.Start(t)
	proxy := s3test.NewProxy(t, server)
	s := open(t, proxy.URL("nameless"))
	for range 10 {
		id := blocks.NewID()
		proxy.Befall("POST", "uploads=", 1, s3test.Answer(200, ""))
		if err := s.Put(t.Context(), id, bytes.NewReader(content(s3.PartSize+1)), s3.PartSize+1); !errors.Is(err, blocks.ErrUnavailable) {
			t.Errorf("put: %v, want %v", err, blocks.ErrUnavailable)
		}
		if seen := proxy.Befallen(); seen != 1 {
			t.Errorf("befell %d requests", seen)
		}
		if left := objects(t, server, id.String()); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}
