package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"granary/auth"
	"granary/namespace"
)

// TestFaces checks that every kind of failure has a face, and that the faces are those of HDFS.
func TestFaces(t *testing.T) {
	class := regexp.MustCompile(`^(java|org\.apache\.hadoop)(\.[a-z]+)*\.[A-Z][A-Za-z]+(\$[A-Z][A-Za-z]+)?$`)
	for _, kind := range namespace.Kinds() {
		f, ok := faces[kind]
		if !ok {
			t.Errorf("kind %q has no face", kind)
			continue
		}
		if !class.MatchString(f.class) || f.title == "" || f.api < 400 {
			t.Errorf("kind %q has the face %+v", kind, f)
		}
		// HDFS's clients expect these four statuses, and no others.
		switch f.hadoop {
		case http.StatusPreconditionFailed:
			if kind != namespace.Precondition { // which none of them asks for
				t.Errorf("kind %q is %d under /webhdfs", kind, f.hadoop)
			}
		case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError:
		default:
			t.Errorf("kind %q is %d under /webhdfs", kind, f.hadoop)
		}
	}
	if len(faces) != len(namespace.Kinds()) {
		t.Errorf("%d faces for %d kinds", len(faces), len(namespace.Kinds()))
	}
}

func TestExplain(t *testing.T) {
	denied := &namespace.Error{Op: "open", Path: "/a", Kind: namespace.AccessControl, Msg: "Permission denied: user=eve"}
	for _, c := range []struct {
		err         error
		hadoop, api int
		class, msg  string
	}{
		{denied, 403, 403, "org.apache.hadoop.security.AccessControlException", "Permission denied: user=eve"},
		{fmt.Errorf("wrapped: %w", denied), 403, 403, "org.apache.hadoop.security.AccessControlException", "Permission denied: user=eve"},
		{&namespace.Error{Path: "/a", Kind: namespace.NotEmpty}, 403, 409, "org.apache.hadoop.fs.PathIsNotEmptyDirectoryException", "/a: not empty"},
		{&namespace.Error{Kind: namespace.PastEnd, Msg: "m"}, 403, 416, "java.io.EOFException", "m"},
		{&namespace.Error{Kind: namespace.NoSpace, Msg: "m"}, 403, 507, "java.io.IOException", "m"},
		{&namespace.Error{Kind: namespace.Unavailable, Msg: "m"}, 403, 503, "org.apache.hadoop.ipc.RetriableException", "m"},
		// Internal details are only for the log.
		{
			&namespace.Error{Kind: namespace.Internal, Msg: "row 7", Err: errors.New("secret")}, 500, 500,
			"java.lang.RuntimeException", "Internal error; the log names it by the request id.",
		},
		{errors.New("secret"), 500, 500, "java.lang.RuntimeException", "Internal error; the log names it by the request id."},
		{
			&namespace.Error{Kind: namespace.Internal, Err: &truncated{io.ErrUnexpectedEOF}}, 400, 400,
			"java.io.IOException", "The request body ended before its end; nothing was written. Send it again.",
		},
		{
			&auth.Error{Kind: auth.Unavailable, Msg: "m"}, 403, 503, "org.apache.hadoop.ipc.RetriableException",
			"The service is busy or its database is away; try again.",
		},
		{
			context.DeadlineExceeded, 403, 503, "org.apache.hadoop.ipc.RetriableException",
			"The service is busy or its database is away; try again.",
		},
		{&denial{face: invalidToken, msg: "m"}, 403, 401, "java.lang.SecurityException", "m"},
	} {
		f := explain(c.err)
		if f.hadoop != c.hadoop || f.api != c.api || f.class != c.class || f.msg != c.msg {
			t.Errorf("explain(%v) = %d %d %s %q; want %d %d %s %q", c.err, f.hadoop, f.api, f.class, f.msg, c.hadoop, c.api, c.class, c.msg)
		}
	}
}

// faults returns how many requests ended by the server's fault, as the metrics tell.
func (t *Telemetry) faults() (n uint64) {
	families, _ := t.registry.Gather()
	for _, family := range families {
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if label.GetName() == "error_type" && label.GetValue() == "server" {
					n += m.GetHistogram().GetSampleCount()
				}
			}
		}
	}
	return n
}

// The log has level ERROR, and the metrics an error type, exactly for the server's own failures, whatever status the client got,
// and never for those that a client can cause at will.
func TestTheLogTellsWhoseFaultItIs(t *testing.T) {
	ours := map[namespace.Kind]bool{namespace.Internal: true, namespace.Unavailable: true, namespace.Conflict: true, namespace.NoSpace: true}
	telemetry, err := newTelemetry()
	must(t, err)
	for _, kind := range namespace.Kinds() {
		for _, target := range []string{"/webhdfs/v1/a", apiPrefix + "create"} {
			var log strings.Builder
			s := &Server{telemetry: telemetry, log: slog.New(slog.NewJSONHandler(&log, nil))}
			x := s.newExchange(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
			x.hadoop = target[1] == 'w'
			x.fail(&namespace.Error{Kind: kind, Msg: "m"})
			before := telemetry.faults()
			s.finish(x, unspanned, target, "", 0)
			if counted := telemetry.faults()-before == 1; counted != ours[kind] {
				t.Errorf("%s, %s: counted as a fault: %v", target, kind, counted)
			}
			c := &call{exchange: x, ctx: t.Context()}
			c.partProblem(&namespace.Error{Kind: kind, Msg: "m"}, "/a")
			if want := map[bool]int{true: 2}[ours[kind]]; strings.Count(log.String(), `"level":"ERROR"`) != want {
				t.Errorf("%s, %s: want %d errors in the log: %s", target, kind, want, log.String())
			}
		}
	}
}

// leaving is a request body whose client leaves as soon as all of it has been read.
type leaving struct {
	io.Reader
	leave func()
}

func (l leaving) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if err != nil {
		l.leave()
	}
	return n, err
}

// A client that leaves during a batch has left, which is logged once, and not as a failure of each part that was still to be done.
func TestLeavingABatchIsNoFault(t *testing.T) {
	h := newHouse(t)
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	for path, body := range map[string]string{
		"/access/states": `{"paths":["/user/ada","/user/ada/f","/user/ada/none"]}`,
		"/access/change": `{"change":{"set":"40"},"targets":[{"path":"/user/ada"},{"path":"/user/ada/f"}]}`,
		"/fs/batch-read": `{"paths":["/user/ada/f","/user/ada/f"]}`,
	} {
		before := len(h.log.String())
		ctx, leave := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, "POST", restPrefix+path, leaving{strings.NewReader(body), leave})
		h.as("ada")(r)
		func() {
			defer func() { _ = recover() }() // http.ErrAbortHandler, of an answer that had begun
			h.handler.ServeHTTP(httptest.NewRecorder(), r)
		}()
		if log := h.log.String()[before:]; strings.Count(log, "\n") != 1 || strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("%s: the log says\n%s", path, log)
		}
	}
}

func TestRemoteException(t *testing.T) {
	got := string(remoteException(failure{face: faces[namespace.NameTooLong], msg: `a "b" <c> é`}))
	want := `{"RemoteException":{"exception":"PathComponentTooLongException",` +
		`"javaClassName":"org.apache.hadoop.hdfs.protocol.FSLimitException$PathComponentTooLongException",` +
		`"message":"a \"b\" <c> é"}}`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestProblem(t *testing.T) {
	var got Problem
	must(t, json.Unmarshal(problem(failure{face: faces[namespace.NotExist], msg: "m"}, "id7", "/a"), &got))
	want := Problem{
		Type: "about:blank", Title: "Not found", Status: 404, Detail: "m", Instance: "/a",
		Exception: "FileNotFoundException", RequestID: "id7",
	}
	if got != want {
		t.Errorf("%+v; want %+v", got, want)
	}
}
