package server

import (
	"net/http"
	"testing"
	"time"

	"granary/namespace"
)

// work opens a second file system, beside the server, that runs jobs.
func (h *house) work() {
	h.names(h.auth, func(c *namespace.Config) { c.Jobs.Running = 1 })
}

// ended polls a job until it has ended.
func (h *house) ended(user, id string) Job {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		var job Job
		h.ask(user, "GET", "/jobs/"+id, "", 200, &job)
		if !job.Ended.IsZero() {
			return job
		}
		if time.Now().After(end) {
			h.t.Fatalf("the job has not ended: %+v", job)
		}
	}
}

func TestJobs(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const id = "0b7e6f0e-4c1b-4a53-9a0a-5d4b3c2a1f00"
	ada := h.as("ada")
	start := func(body string) answer {
		return h.do("POST", "/api/v1/jobs", body, ada, header("Idempotency-Key", id), header("Content-Type", "application/json"))
	}
	const copying = `{"kind":"copy","sources":["/user/ada/parts"],"target":"/user/ada/copy"}`
	for range 2 {
		a := start(copying)
		a.want(t, http.StatusAccepted, `"id":"`+id+`"`)
		a.want(t, http.StatusAccepted, `"state":"queued"`)
	}
	start(`{"kind":"copy","sources":["/user/ada/parts"],"target":"/user/ada/other"}`).want(t, http.StatusConflict, "was used for another request")
	h.ask("bob", "GET", "/jobs/"+id, "", 404, nil)
	h.ask("bob", "POST", "/jobs/"+id+"/cancel", "", 404, nil)
	h.ask("ada", "GET", "/jobs/nonsense", "", 404, nil)
	h.work()
	job := h.ended("ada", id)
	if job.State != "done" || job.Files != 2 || job.FilesDone != 2 || job.Error != nil || job.User != "ada" || job.Expires.Sub(job.Ended) != namespace.JobsKept {
		t.Errorf("%+v", job)
	}
	h.do("GET", "/webhdfs/v1/user/ada/copy/1.csv?op=OPEN", "", ada).want(t, 200, "a,b")

	var failing Job
	h.ask("ada", "POST", "/jobs", `{"kind":"unzip","sources":["/user/ada/parts/1.csv"],"target":"/user/ada/out"}`, 202, &failing)
	job = h.ended("ada", failing.ID.String())
	if job.State != "failed" || job.Error == nil || job.Error.Status != 400 || job.Error.Exception != "IllegalArgumentException" || job.Error.Instance != "/user/ada/out" {
		t.Errorf("%+v, %+v", job, job.Error)
	}
	var page JobPage
	h.ask("ada", "GET", "/jobs?limit=1", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].ID != failing.ID || page.Next == "" {
		t.Fatalf("%+v", page)
	}
	next := page.Next
	page = JobPage{}
	h.ask("ada", "GET", "/jobs?limit=1&after="+next, "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].ID.String() != id || page.Next != "" {
		t.Errorf("%+v", page)
	}
	var same Job
	h.ask("ada", "POST", "/jobs/"+id+"/cancel", "", 200, &same) // a job that has ended stays as it is
	if same.State != "done" {
		t.Errorf("%+v", same)
	}
	for body, words := range map[string]string{
		`{"kind":"move","sources":["/user"],"target":"/tmp/x"}`:                  "kind",
		`{"kind":"copy","sources":[],"target":"/tmp/x"}`:                         "1 to 1 sources",
		`{"kind":"copy","sources":["/user","/tmp"],"target":"/tmp/x"}`:           "1 to 1 sources",
		`{"kind":"copy","sources":["user"],"target":"/tmp/x"}`:                   "sources",
		`{"kind":"copy","sources":["/user/../tmp"],"target":"/tmp/x"}`:           "component",
		`{"kind":"copy","sources":["/user/ada/parts"],"target":"/tmp/a:b"}`:      "Invalid file name",
		`{"kind":"copy","sources":["/user/ada"],"target":"/tmp/x","owner":"me"}`: "owner",
	} {
		h.do("POST", "/api/v1/jobs", body, ada).want(t, http.StatusBadRequest, words)
	}
	for body, status := range map[string]int{
		`{"kind":"copy","sources":["/nothing"],"target":"/tmp/x"}`:                404,
		`{"kind":"copy","sources":["/user/ada"],"target":"/tmp/none/x"}`:          404,
		`{"kind":"copy","sources":["/user/ada/next"],"target":"/user/ada/parts"}`: 409,
		`{"kind":"copy","sources":["/user/ada"],"target":"/user/ada/x"}`:          409,
		`{"kind":"copy","sources":["/user/ada"],"target":"/not-hers"}`:            403,
		`{"kind":"unzip","sources":["/user/ada"],"target":"/tmp/unpacked"}`:       400,
	} {
		h.do("POST", "/api/v1/jobs", body, ada).want(t, status, "")
	}
}

// A job that cannot go on says why in another member than one that has failed.
func TestAJobSaysWhatItWaitsFor(t *testing.T) {
	away := &namespace.Error{Op: "copy", Path: "/user/ada/parts", Kind: namespace.Unavailable, Msg: "The block store is not available now; try again"}
	job := showJob(&namespace.Job{NewJob: namespace.NewJob{Kind: namespace.JobCopy}, State: namespace.JobRunning, Waits: away})
	if job.Error != nil || job.Waiting == nil || job.Waiting.Status != http.StatusServiceUnavailable || job.Waiting.Detail != away.Msg || job.Waiting.Instance != away.Path {
		t.Errorf("%+v, %+v", job.Error, job.Waiting)
	}
}
