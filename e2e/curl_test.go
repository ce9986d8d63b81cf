//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCurl runs the scripts in testdata/curl: the curl commands of HDFS's documentation of WebHDFS, with the replies that
// it shows. Beside what testscript offers, they have:
//
//	reply STATUS [FILE]   the last reply that curl -i printed has STATUS and the content of FILE, or no content
//	location NAME         sets NAME to the Location of that reply
//
// Where FILE is JSON it is compared as such, and the string "…" in it stands for any value. HOST is the address of a server
// that believes names, as the documentation has it, TOKENS that of one that asks for tokens, of which TOKEN is alice's.
func TestCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	token := byToken.token(t, "alice")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/curl",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOST", byName.url)
			env.Setenv("TOKENS", byToken.url)
			env.Setenv("TOKEN", token)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"reply":    wantReply,
			"location": setLocation,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// lastReply parses what the last command printed: one reply, or the last of those to a request that was told to continue
// or redirected.
func lastReply(script *testscript.TestScript) (*http.Response, []byte) {
	printed := bufio.NewReader(strings.NewReader(script.ReadFile("stdout")))
	for {
		reply, err := http.ReadResponse(printed, nil)
		script.Check(err)
		body, err := io.ReadAll(reply.Body)
		script.Check(err)
		if _, err := printed.Peek(1); err == io.EOF {
			return reply, body
		}
	}
}

func wantReply(script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 1 || len(args) > 2 {
		script.Fatalf("usage: reply STATUS [FILE]")
	}
	reply, body := lastReply(script) //nolint:bodyclose // read from a file, and whole
	if strconv.Itoa(reply.StatusCode) != args[0] {
		script.Fatalf("status %s, want %s: %s", reply.Status, args[0], body)
	}
	if len(args) == 1 {
		if len(body) > 0 {
			script.Fatalf("want no content, got %s", body)
		}
		return
	}
	want := script.ReadFile(args[1])
	if reply.Header.Get("Content-Type") != "application/json" {
		if string(body) != want {
			script.Fatalf("content %q, want %q", body, want)
		}
		return
	}
	if !alike(script, []byte(want), body) {
		script.Fatalf("content\n%s\nwant\n%s", body, want)
	}
}

// alike reports whether got is the JSON that want describes.
func alike(script *testscript.TestScript, want, got []byte) bool {
	var w, g any
	script.Check(json.Unmarshal(want, &w))
	script.Check(json.Unmarshal(got, &g))
	left, err := json.Marshal(w)
	script.Check(err)
	right, err := json.Marshal(masked(w, g))
	script.Check(err)
	return bytes.Equal(left, right)
}

// masked returns got with "…" wherever want has it and got has a value.
func masked(want, got any) any {
	switch w := want.(type) {
	case string:
		if w == "…" && got != nil {
			return w
		}
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return got
		}
		for key, value := range g {
			g[key] = masked(w[key], value)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return got
		}
		for i := range g {
			g[i] = masked(w[i], g[i])
		}
	}
	return got
}

func setLocation(script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		script.Fatalf("usage: location NAME")
	}
	reply, _ := lastReply(script) //nolint:bodyclose // read from a file, and whole
	location, err := reply.Location()
	script.Check(err)
	script.Setenv(args[0], location.String())
}
