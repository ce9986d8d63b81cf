package granary

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestCheck has replies of the service, and of what may stand before it.
func TestCheck(t *testing.T) {
	const (
		text    = "text/html"
		json    = "application/json"
		problem = "application/problem+json"
		page    = `{"items":[]}`
		refusal = `{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no /f.","requestId":"1"}`
		strange = "The answer has the status 200 and is not the service's: is there a proxy before it, or a page to sign in?"
	)
	list := func(c *ClientWithResponses) (Reply, error) { return c.ListProjectsWithResponse(t.Context(), nil) }
	open := func(c *ClientWithResponses) (Reply, error) {
		return c.OpenWithResponse(t.Context(), &OpenParams{Path: "/f"})
	}
	revoke := func(c *ClientWithResponses) (Reply, error) {
		return c.RevokeTokenWithResponse(t.Context(), [16]byte{1}, nil)
	}
	for name, c := range map[string]struct {
		ask        func(*ClientWithResponses) (Reply, error)
		status     int
		kind, body string
		says       string // nothing: it is a success
		ours       bool
	}{
		"a page of projects":         {ask: list, status: 200, kind: json, body: page},
		"a file":                     {ask: open, status: 200, kind: "application/octet-stream", body: "x"},
		"an empty file":              {ask: open, status: 200, kind: "application/octet-stream"},
		"a file as before":           {ask: open, status: 304},
		"done, without a word":       {ask: revoke, status: 204},
		"a refusal":                  {ask: open, status: 404, kind: problem, body: refusal, says: "Not Found: There is no /f.", ours: true},
		"a page to sign in":          {ask: list, status: 200, kind: text, body: "<h1>Sign in</h1>", says: "OK: " + strange},
		"that page for a file":       {ask: open, status: 200, kind: "Text/HTML; charset=utf-8", body: "<h1>Sign in</h1>", says: "OK: " + strange},
		"that page for being done":   {ask: revoke, status: 200, kind: text, body: "<h1>Sign in</h1>", says: "OK: " + strange},
		"nothing where JSON belongs": {ask: list, status: 200, says: "OK: " + strange},
		"a success of another kind":  {ask: list, status: 202, kind: json, body: page, says: "Accepted: The answer has the status 202 and is not the service's: is there a proxy before it, or a page to sign in?"},
		"a redirect to nowhere":      {ask: open, status: 300, says: "Multiple Choices: The answer has the status 300 and is not the service's: is there a proxy before it, or a page to sign in?"},
		"a proxy's page":             {ask: open, status: 502, kind: text, body: "<h1>Bad Gateway</h1>", says: "Bad Gateway: The answer has the status 502 and says nothing more."},
		"JSON of another shape":      {ask: open, status: 502, kind: json, body: `{"message":"no upstream"}`, says: "Bad Gateway: The answer has the status 502 and says nothing more."},
		"half of that shape":         {ask: open, status: 502, kind: text, body: `{"title":"x","detail":1}`, says: "Bad Gateway: The answer has the status 502 and says nothing more."},
		"a status of its own":        {ask: open, status: 520, says: "Failed: The answer has the status 520 and says nothing more."},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			client, err := Dial(server.URL, "token")
			if err != nil {
				t.Fatal(err)
			}
			reply, err := c.ask(client)
			err = Check(reply, err)
			if c.says == "" {
				if err != nil {
					t.Errorf("a success fails: %v", err)
				}
				return
			}
			var failed *FailedError
			if !errors.As(err, &failed) {
				t.Fatalf("got %v, want a FailedError", err)
			}
			if failed.Error() != c.says || failed.Status != int64(c.status) || (failed.RequestId != "") != c.ours {
				t.Errorf("got %+v, want status %d and %q", failed.Problem, c.status, c.says)
			}
		})
	}
}

// TestDialFollowsNoRedirect has a proxy that sends whoever did not sign in to a page.
func TestDialFollowsNoRedirect(t *testing.T) {
	var came []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came = append(came, r.Method+" "+r.URL.Path)
		if r.URL.Path != "/sign-in" {
			http.Redirect(w, r, "/sign-in", http.StatusFound)
		}
	}))
	defer server.Close()
	revoke := func(options ...ClientOption) error {
		client, err := Dial(server.URL, "token", options...)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := client.RevokeTokenWithResponse(t.Context(), [16]byte{1}, nil)
		return Check(reply, err)
	}
	var failed *FailedError
	if err := revoke(); !errors.As(err, &failed) || failed.Status != http.StatusFound || len(came) != 1 {
		t.Errorf("%v after %q", err, came)
	}
	came = nil
	if err := revoke(WithHTTPClient(http.DefaultClient)); err != nil || len(came) != 2 {
		t.Errorf("with a client of one's own: %v after %q", err, came)
	}
}

// TestDialTakesTheLineOfAFile shows a token as `granary token create` prints it and `granary login` stores it.
func TestDialTakesTheLineOfAFile(t *testing.T) {
	shown := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	client, err := Dial(server.URL, "gr_secret\n")
	if err != nil {
		t.Fatal(err)
	}
	reply, err := client.RevokeTokenWithResponse(t.Context(), [16]byte{1}, nil)
	if err := Check(reply, err); err != nil || shown != "Bearer gr_secret" {
		t.Errorf("it shows %q, %v", shown, err)
	}
}

// TestOpenComesAsItIsSent reads one half of a file before the other one is sent, and takes a refusal apart.
func TestOpenComesAsItIsSent(t *testing.T) {
	read := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("path") != "/f" {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no /g.","requestId":"1"}`)
			return
		}
		_, _ = io.WriteString(w, "one ")
		_ = http.NewResponseController(w).Flush()
		<-read
		_, _ = io.WriteString(w, "two")
	}))
	defer server.Close()
	client, err := Dial(server.URL, "token")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Open(t.Context(), &OpenParams{Path: "/f"})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	half := make([]byte, len("one "))
	_, err = io.ReadFull(answer.Body, half)
	close(read)
	rest, restErr := io.ReadAll(answer.Body)
	if text := string(half) + string(rest); text != "one two" || err != nil || restErr != nil {
		t.Errorf("read %q, %v, %v", text, err, restErr)
	}
	refused, err := client.Open(t.Context(), &OpenParams{Path: "/g"})
	if err != nil {
		t.Fatal(err)
	}
	defer refused.Body.Close()
	var failed *FailedError
	if err := Check(ParseOpenReply(refused)); !errors.As(err, &failed) || failed.Detail != "There is no /g." {
		t.Errorf("a refusal is %v", err)
	}
}
