//go:build hdfs

package oracle

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The environment of TestWalks.
const (
	hdfsVariable    = "GRANARY_ORACLE_HDFS" // the base URL of an HDFS set up as command record wants it
	seedVariable    = "GRANARY_SEED"        // repeats the walks of that seed, as in other tests
	minutesVariable = "GRANARY_ORACLE_MINUTES"
)

// walkLength is how many requests a walk has: longer ones meet more, but take longer to shrink.
const walkLength = 30

// looks ends every walk: what all of it has come to.
const looks = `
	root GET {dir}?op=LISTSTATUS
	root GET {dir}/a?op=LISTSTATUS
	root GET {dir}/b?op=LISTSTATUS
	root GET {dir}/a/b?op=LISTSTATUS
	root GET {dir}/a/b/c?op=LISTSTATUS
	root GET {dir}/a?op=GETACLSTATUS
	root GET {dir}/a/b?op=GETACLSTATUS
	root GET {dir}/f?op=GETACLSTATUS
	root GET {dir}?op=GETCONTENTSUMMARY`

// either matches mismatches, as tell writes them, in which both servers refuse for one of several reasons: of two bad parameters, HDFS
// names the one that Jersey happens to find first, and of what is closed below a directory the two find something else first.
var either = regexp.MustCompile(`Invalid value for webhdfs parameter .* \| .*Invalid value for webhdfs parameter|` +
	`(op=DELETE|TO_TRASH|op=GETQUOTAUSAGE).* \| .*Permission denied.* \| .*Permission denied`)

// tell writes a mismatch on one line.
func tell(m Mismatch) string {
	return fmt.Sprintf("%s | %s | %s %s | %s %s", m.Request, m.Field, m.Want, brief(m.want), m.Got, brief(m.got))
}

// brief returns what a reply says.
func brief(r Reply) string {
	var said struct {
		RemoteException struct{ Exception, Message string }
	}
	if json.Unmarshal(r.JSON, &said) == nil && said.RemoteException.Exception != "" {
		return said.RemoteException.Exception + ": " + said.RemoteException.Message
	}
	return ""
}

// TestWalks asks an HDFS and Granary the same random questions and shows the shortest script for each kind of difference.
func TestWalks(t *testing.T) {
	hdfs, err := Dial(os.Getenv(hdfsVariable))
	if err != nil {
		t.Fatalf("%s: %v", hdfsVariable, err)
	}
	granary, err := Dial(startGranary(t))
	if err != nil {
		t.Fatal(err)
	}
	seed, minutes := rand.Uint64(), 2
	if text := os.Getenv(seedVariable); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
	}
	if text := os.Getenv(minutesVariable); text != "" {
		if minutes, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", minutesVariable, err)
		}
	}
	t.Logf("%s=%d", seedVariable, seed)
	until := time.Now().Add(time.Duration(minutes) * time.Minute)
	walks, seen := 0, map[string]bool{}
	for ; time.Now().Before(until); walks++ {
		w := walker{rand.New(rand.NewPCG(seed, uint64(walks))), float64(walks%2) * .06}
		name := fmt.Sprintf("%d %d", seed, walks)
		first := func(lines []string) *Mismatch {
			m, err := firstMismatch(hdfs, granary, Sequence{Op: "walk", Name: name, Script: strings.Join(lines, "\n") + looks})
			if err != nil {
				t.Fatalf("walk %d: %v\n%s", walks, err, strings.Join(lines, "\n"))
			}
			return m
		}
		lines := w.script(walkLength)
		m := first(lines)
		if m == nil || seen[kind(*m)] {
			continue
		}
		seen[kind(*m)] = true
		lines = shrink(lines, func(fewer []string) bool {
			other := first(fewer)
			return other != nil && kind(*other) == kind(*m)
		})
		t.Errorf("walk %d:\n%s\n%s", walks, strings.Join(lines, "\n"), first(lines))
	}
	t.Logf("%d walks of %d requests asked of both", walks, walkLength)
}

// firstMismatch returns the first reply to q in which two servers differ without an excuse, or nil. What follows it may differ for
// the same reason.
func firstMismatch(hdfs, granary *Server, q Sequence) (*Mismatch, error) {
	want, err := hdfs.Run(q)
	if err != nil {
		return nil, err
	}
	got, err := granary.Run(q)
	if err != nil {
		return nil, err
	}
	for _, m := range Compare(want, got) {
		if Excuse(q.Op, q.Name, m) == nil && !either.MatchString(tell(m)) {
			return &m, nil
		}
	}
	return nil, nil //nolint:nilnil // there is none
}

// operation matches the operation of a request, and particulars in what two mismatches of one kind may differ.
var (
	operation   = regexp.MustCompile(`op=\w+`)
	particulars = regexp.MustCompile(`\d+|\{dir\}[/a-z%]*|\b(alice|bob|carol|eve|super|root)\b`)
)

// kind is the same for mismatches that one cause is likely to have.
func kind(m Mismatch) string {
	return operation.FindString(m.Request) + particulars.ReplaceAllString(strings.TrimPrefix(tell(m), m.Request), "#")
}
