package crash

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// outcome is what a writer knows of a change.
type outcome int

const (
	acknowledged outcome = iota
	refused              // it did not happen
	unknown              // no answer came, and the writer asked no more
)

// deed is a change that a writer asked for.
type deed struct {
	id, what    string
	begun, done time.Duration // since the test began: when it was first asked for, and when it was answered
	outcome     outcome
}

// feedWriter changes a project, by way of the server that answers.
type feedWriter struct {
	f      *feed
	number int
	token  string
	at     int // the server that it asks
	each   int // changes to make
	http   *http.Client
	rng    *rand.Rand
	deeds  []deed
}

func newFeedWriter(f *feed, number int, token string, choices uint64, each int) *feedWriter {
	return &feedWriter{
		f: f, number: number, token: token, at: number, each: each, rng: choicesOf(choices, number),
		http: &http.Client{Timeout: patience, Transport: &http.Transport{}},
	}
}

// work makes the changes: of the writer's own files, and with batons that all of them pass on.
func (w *feedWriter) work() error {
	defer w.http.CloseIdleConnections()
	for n := 0; n < w.each; {
		var done bool
		var err error
		if w.rng.IntN(4) > 0 {
			done, err = w.create(fmt.Sprintf("%s/own/%d/%d", w.f.top(), w.number, n%10), w.rng.IntN(2) == 0)
		} else {
			done, err = w.pass(w.f.baton(w.rng.IntN(feedBatons)))
		}
		if err != nil {
			return err
		}
		if done {
			n++
		}
	}
	return nil
}

// make makes a file, whatever becomes of the servers.
func (w *feedWriter) make(file string) error {
	_, err := w.create(file, true)
	return err
}

// create writes a file in the place of what was there, and reports whether it was acknowledged.
func (w *feedWriter) create(file string, stubborn bool) (bool, error) {
	status, text, err := w.ask(http.MethodPut, "create", url.Values{"path": {file}, "overwrite": {"true"}}, stubborn)
	if err == nil && status != 0 && status != http.StatusCreated {
		err = fmt.Errorf("create %s: %d %s", file, status, text)
	}
	return status == http.StatusCreated, err
}

// pass passes a baton on. It is somebody else's who was quicker.
func (w *feedWriter) pass(dir string) (bool, error) {
	status, text, err := w.send(http.MethodGet, "list-status", url.Values{"path": {dir}}, "")
	if err != nil || status == http.StatusServiceUnavailable {
		w.at++
		return false, nil //nolint:nilerr // a look is not a change: it is made again
	}
	var listing struct {
		FileStatuses struct{ FileStatus []struct{ PathSuffix string } }
	}
	if err := json.Unmarshal(text, &listing); err != nil || len(listing.FileStatuses.FileStatus) != 1 {
		return false, fmt.Errorf("list %s: %d %s", dir, status, text)
	}
	name := listing.FileStatuses.FileStatus[0].PathSuffix
	n, err := strconv.Atoi(name)
	if err != nil {
		return false, err
	}
	query := url.Values{"path": {path.Join(dir, name)}, "destination": {path.Join(dir, strconv.Itoa(n+1))}, "renameoptions": {"NONE"}}
	status, text, err = w.ask(http.MethodPut, "rename", query, w.rng.IntN(2) == 0)
	if err == nil && status != 0 && status != http.StatusOK && status != http.StatusNotFound {
		err = fmt.Errorf("rename %s to %d: %d %s", query.Get("path"), n+1, status, text)
	}
	return status == http.StatusOK, err
}

// ask asks for a change until a server answers, always under the same id. Who is not stubborn gives up when no answer comes,
// and is told a status of 0. All that is asked for is written down.
func (w *feedWriter) ask(method, op string, query url.Values, stubborn bool) (int, []byte, error) {
	d := deed{id: uuid.NewString(), what: op + " " + query.Encode(), begun: time.Since(w.f.began)}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for late := time.Now().Add(patience); ; {
		status, text, err := w.send(method, op, query, d.id)
		if err == nil && status != http.StatusServiceUnavailable {
			d.done = time.Since(w.f.began)
			if d.outcome = acknowledged; status >= 300 {
				d.outcome = refused
			} else {
				w.f.acknowledged.Add(1)
			}
			w.deeds = append(w.deeds, d)
			return status, text, nil
		}
		w.at++
		if !stubborn {
			d.outcome = unknown
			w.f.unknown.Add(1)
			w.deeds = append(w.deeds, d)
			return 0, nil, nil
		}
		if time.Now().After(late) {
			return 0, nil, fmt.Errorf("%s: %d %s: %w", d.what, status, text, err)
		}
		w.f.retried.Add(1)
		<-again.C
	}
}

// send sends a request to the server that the writer asks now. It fails if no whole answer comes.
func (w *feedWriter) send(method, op string, query url.Values, id string) (int, []byte, error) {
	r, err := http.NewRequest(method, w.f.place(w.at)+"/api/v1/fs/"+op+"?"+query.Encode(), strings.NewReader(""))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	if id != "" {
		r.Header.Set("Idempotency-Key", id)
	}
	answer, err := w.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}
