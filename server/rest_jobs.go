package server

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"granary/namespace"
	"granary/openapi"
)

// NewJob is the request body for a new job.
type NewJob struct {
	Kind    string   `json:"kind" enum:"copy,zip,unzip" doc:"copy: a file, or a directory with all that is in it, to the target; zip: files and directories, each under its own name, into the target, a file; unzip: a file into the target, a directory."`
	Sources []string `json:"sources" max:"1000" pattern:"^/" doc:"Absolute paths: one, or of a zip up to a thousand."`
	Target  string   `json:"target" pattern:"^/" doc:"Absolute path that does not exist yet, in a directory that exists."`
}

// Job is a job as the API shows it.
type Job struct {
	ID        uuid.UUID   `json:"id"`
	Kind      string      `json:"kind" enum:"copy,zip,unzip"`
	Sources   []string    `json:"sources"`
	Target    string      `json:"target"`
	User      string      `json:"user" doc:"Who started it, and owns what it creates."`
	State     string      `json:"state" enum:"queued,running,done,failed,cancelled" doc:"The last three are final."`
	Files     int64       `json:"files" doc:"How many entries are to be made or packed; while the job is still looking, how many were found so far."`
	FilesDone int64       `json:"filesDone"`
	Bytes     int64       `json:"bytes" doc:"What the files hold."`
	BytesDone int64       `json:"bytesDone"`
	Error     *JobFailure `json:"error,omitempty" doc:"Why it failed; absent if it did not."`
	Waiting   *JobFailure `json:"waiting,omitempty" doc:"What keeps it from going on, such as a block store that is away: it is tried again, for as long as that may take. Absent while it gets further."`
	Created   time.Time   `json:"created"`
	Started   time.Time   `json:"started,omitzero" doc:"Absent: it is still waiting."`
	Ended     time.Time   `json:"ended,omitzero" doc:"Absent: it has not ended."`
	Expires   time.Time   `json:"expires,omitzero" doc:"When a job that has ended is forgotten."`
}

// JobFailure is the problem that a request would have been answered with.
type JobFailure struct {
	Title     string `json:"title" doc:"The kind of failure."`
	Status    int64  `json:"status" doc:"The HTTP status that a request would have got."`
	Detail    string `json:"detail" doc:"What was wrong."`
	Instance  string `json:"instance,omitempty" doc:"The path that it was about."`
	Exception string `json:"exception" doc:"The name of the exception in HDFS."`
}

// JobPage is a page of a list of jobs.
type JobPage struct {
	Items []Job  `json:"items"`
	Next  string `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// exampleJob is a job that is running.
const exampleJob = `{"id":"3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11","kind":"copy","sources":["/Projects/vision/Logs"],"target":"/Projects/vision/Logs-of-may",` +
	`"user":"ada","state":"running","files":2000,"filesDone":800,"bytes":52428800,"bytesDone":20971520,` +
	`"created":"2026-01-02T03:04:05Z","started":"2026-01-02T03:04:05Z"}`

// jobRoutes are the operations on background jobs.
var jobRoutes = []route{
	{
		Route: openapi.Route{
			ID: "startJob", Method: http.MethodPost, Path: "/jobs", Tag: "jobs", Status: http.StatusAccepted,
			Summary: "Copy, zip or unzip in the background.",
			Doc: "The answer is the job, as it is at that time; ask for it by its id, or wait for the event of the target with the id as " +
				"its operation. The id is that of Idempotency-Key, if there is one: a repeated request starts no second job. The target " +
				"appears complete, at the end, or not at all; nothing of it is visible before. The job may do what the caller may at " +
				"the time that it does it. It ends when the credential that it was started with is revoked or, if that can be revoked, " +
				"expires. What it makes belongs to the caller, keeps modes, and inherits default ACLs at its place; ACLs, extended " +
				"attributes and times are not copied, nor are the trash and what is shared with a project. An archive is refused as a " +
				"whole if it has names that lead elsewhere, links, encrypted or damaged entries, or would become disproportionately " +
				"long.",
			Example: openapi.Example{Body: `{"kind":"copy","sources":["/Projects/vision/Logs"],"target":"/Projects/vision/Logs-of-may"}`, Reply: exampleJob},
		},
		action: does(startJob), costly: true,
	},
	{
		Route: openapi.Route{
			ID: "listJobs", Method: http.MethodGet, Path: "/jobs", Tag: "jobs", Summary: "List the caller's jobs, the newest first.",
			Doc:     "Jobs that ended more than a week ago are forgotten. A limited token sees jobs started by itself, or by a token that may do no more.",
			Example: openapi.Example{Reply: `{"items":[` + exampleJob + `]}`},
		},
		params: []parameter{afterID, pageSize}, action: does(listJobs),
	},
	{
		Route: openapi.Route{
			ID: "getJob", Method: http.MethodGet, Path: "/jobs/{job}", Tag: "jobs", Summary: "Show the progress of a job.",
			Example: openapi.Example{Reply: exampleJob},
		},
		action: does(getJob),
	},
	{
		Route: openapi.Route{
			ID: "cancelJob", Method: http.MethodPost, Path: "/jobs/{job}/cancel", Tag: "jobs", Summary: "Cancel a job; nothing is created.",
			Doc:     "A job that has ended is not changed, and what it has made stays; the answer says so.",
			Example: openapi.Example{Reply: exampleJob},
		},
		action: does(cancelJob),
	},
}

func startJob(c *call, in NewJob) (Job, error) {
	j := namespace.NewJob{Kind: namespace.JobKind(in.Kind)}
	for _, text := range in.Sources {
		path, err := namespace.ParsePath(text)
		if err != nil {
			return Job{}, err
		}
		j.Sources = append(j.Sources, path)
	}
	var err error
	if j.Target, err = namespace.ParsePath(in.Target); err != nil {
		return Job{}, err
	}
	job, err := c.session.StartJob(c.ctx, j)
	return showJob(&job), err
}

func listJobs(c *call, _ none) (JobPage, error) {
	jobs, more, err := c.session.Jobs(c.ctx, afterID.of(c), int(pageSize.of(c)))
	page := JobPage{Items: showAll(jobs, func(j namespace.Job) Job { return showJob(&j) })}
	if more {
		page.Next = placeOfID(jobs[len(jobs)-1].Number)
	}
	return page, err
}

func getJob(c *call, _ none) (Job, error) {
	job, err := c.session.Job(c.ctx, c.jobInURL())
	return showJob(&job), err
}

func cancelJob(c *call, _ none) (Job, error) {
	job, err := c.session.CancelJob(c.ctx, c.jobInURL())
	return showJob(&job), err
}

// jobInURL returns the id in the path, or uuid.Nil, which no job has, if it is not one.
func (c *call) jobInURL() uuid.UUID {
	id, err := uuid.Parse(c.inURL("job"))
	if err != nil {
		return uuid.Nil
	}
	return id
}

// showJob renders a job.
func showJob(j *namespace.Job) Job {
	out := Job{
		ID: j.ID, Kind: string(j.Kind), Sources: make([]string, len(j.Sources)), Target: j.Target.String(), User: j.User, State: string(j.State),
		Files: j.Files, FilesDone: j.FilesDone, Bytes: j.Bytes, BytesDone: j.BytesDone, Created: j.Created.UTC(),
	}
	for i, source := range j.Sources {
		out.Sources[i] = source.String()
	}
	for into, t := range map[*time.Time]time.Time{&out.Started: j.Started, &out.Ended: j.Ended, &out.Expires: j.Expires()} {
		if !t.IsZero() {
			*into = t.UTC()
		}
	}
	out.Error, out.Waiting = showFailure(j.Failure), showFailure(j.Waits)
	return out
}

func showFailure(err *namespace.Error) *JobFailure {
	if err == nil {
		return nil
	}
	f := explain(err)
	return &JobFailure{Title: f.title, Status: int64(f.api), Detail: f.msg, Instance: err.Path, Exception: simpleName(f.class)}
}
