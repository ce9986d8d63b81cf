//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"granary/postgres/pgtest"
)

const (
	jobFiles = 2000
	jobTime  = 2 * time.Minute
	jobTop   = "/Projects/vision/Jobs"
)

// backgroundJob is what the API tells of one.
type backgroundJob struct {
	ID, State        string
	Files, FilesDone int64
	Error            json.RawMessage
}

// jobCaller is a user who has things done in the background.
type jobCaller struct {
	t     *testing.T
	token string
}

// ask sends a request to a server and returns the body of the answer, which must have the status.
func (c *jobCaller) ask(ctx context.Context, server, method, target string, body []byte, status int) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, server+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != status {
		err = fmt.Errorf("%s %s: %s: %s", method, target, answer.Status, text)
	}
	return text, err
}

// job asks for a job.
func (c *jobCaller) job(ctx context.Context, server, id string) (job backgroundJob) {
	c.t.Helper()
	text, err := c.ask(ctx, server, http.MethodGet, "/api/v1/jobs/"+id, nil, http.StatusOK)
	if err == nil {
		err = json.Unmarshal(text, &job)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return job
}

// TestJobOutlivesItsServer copies a directory of 2,000 files by a job, and kills the server that does it in the middle. The
// other one finishes. Until then there is nothing to be seen of the copy, and then it is whole.
func TestJobOutlivesItsServer(t *testing.T) {
	database := pgtest.StartFor(t)
	data := scratch(t)
	flags := []string{"--database", database.URL()}
	t.Setenv("GRANARY_LEASE_SOFT_LIMIT", "1s")
	t.Setenv("GRANARY_JOBS", "0") // this one only tells of them
	lasting := launchOn(t, data, flags...)
	if err := lasting.furnish(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GRANARY_JOBS", "1")
	killed, err := start(data, flags...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = killed.process.Kill() // it may be dead
		<-killed.ended
	}()
	ctx, cancel := context.WithTimeout(t.Context(), jobTime)
	defer cancel()
	c := &jobCaller{t, lasting.token(t, "alice")}
	var writing errgroup.Group
	writing.SetLimit(16)
	for i := range jobFiles {
		writing.Go(func() error {
			at := url.QueryEscape(fmt.Sprintf("%s/from/%d/f%d", jobTop, i%10, i))
			_, err := c.ask(ctx, lasting.url, http.MethodPut, "/api/v1/fs/create?createparent=true&path="+at, fmt.Appendf(nil, "content of %d", i), http.StatusCreated)
			return err
		})
	}
	if err := writing.Wait(); err != nil {
		t.Fatal(err)
	}
	text, err := c.ask(ctx, lasting.url, http.MethodPost, "/api/v1/jobs",
		fmt.Appendf(nil, `{"kind":"copy","sources":["%s/from"],"target":"%s/to"}`, jobTop, jobTop), http.StatusAccepted)
	var job backgroundJob
	if err == nil {
		err = json.Unmarshal(text, &job)
	}
	if err != nil {
		t.Fatal(err)
	}
	for now := job; now.FilesDone < jobFiles/4; now = c.job(ctx, lasting.url, job.ID) {
		if now.State != "queued" && now.State != "running" {
			t.Fatalf("the job is %+v", now)
		}
	}
	if err := killed.process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-killed.ended
	half := c.job(ctx, lasting.url, job.ID)
	if half.State != "running" || half.FilesDone >= jobFiles {
		t.Fatalf("the server was not killed in the middle of the job: %+v", half)
	}
	status := "/api/v1/fs/get-content-summary?path=" + url.QueryEscape(jobTop+"/to")
	if _, err := c.ask(ctx, lasting.url, http.MethodGet, status, nil, http.StatusNotFound); err != nil {
		t.Errorf("half a copy is to be seen: %v", err)
	}
	other := launchOn(t, data, flags...)
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for job = half; job.State == "running"; job = c.job(ctx, other.url, job.ID) {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("after %s the job is %+v", jobTime, job)
		}
	}
	if job.State != "done" || job.FilesDone != jobFiles {
		t.Fatalf("the job is %+v: %s", job, job.Error)
	}
	summary, err := c.ask(ctx, other.url, http.MethodGet, status, nil, http.StatusOK)
	if err != nil || !strings.Contains(string(summary), fmt.Sprintf(`"directoryCount":11,"ecPolicy":"","fileCount":%d`, jobFiles)) {
		t.Errorf("the copy holds %s, %v", summary, err)
	}
	for i := 0; i < jobFiles; i += 37 {
		at := url.QueryEscape(fmt.Sprintf("%s/to/%d/f%d", jobTop, i%10, i))
		if got, err := c.ask(ctx, other.url, http.MethodGet, "/api/v1/fs/open?path="+at, nil, http.StatusOK); err != nil || string(got) != fmt.Sprintf("content of %d", i) {
			t.Errorf("file %d of the copy: %q, %v", i, got, err)
		}
	}
	other.check(t)
	t.Logf("soak: the server was killed when %d of %d files were copied; another copied the rest", half.FilesDone, jobFiles)
}
