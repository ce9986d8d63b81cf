package server

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// AuditEntry is something that somebody did, or was not allowed to do.
type AuditEntry struct {
	Event
	Project    string `json:"project,omitempty" doc:"Absent outside of projects, and for a project that is gone."`
	Credential string `json:"credential,omitempty" doc:"The id of the token; absent for a believed name, and for the server itself."`
	Kind       string `json:"credentialKind,omitempty" enum:"token,delegation,personal,session,link" doc:"The kind of credential: a session is a browser's. Absent: a token with a life of an hour or less, or one that ended long ago."`
	Label      string `json:"credentialLabel,omitempty" doc:"What its user called it; for that user and for superusers."`
	Client     string `json:"client,omitempty" doc:"The host that it came from; absent for the server itself."`
	Outcome    string `json:"outcome" enum:"changed,allowed,denied,lost" doc:"changed: a change; allowed: a read; denied: a refusal; lost: accesses that a server could not record."`
	Reason     string `json:"reason,omitempty" doc:"The message to the user who was refused."`
	Lost       int64  `json:"lost,omitempty" doc:"How many."`
}

// AuditPage is a page of the audit.
type AuditPage struct {
	Items []AuditEntry `json:"items" doc:"The newest first. seq is 0 unless it is an event of a project."`
	Next  string       `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// auditRoutes are the operations on the audit.
var auditRoutes = []route{
	{
		Route: openapi.Route{
			ID: "readAudit", Method: http.MethodGet, Path: "/audit", Tag: "events", Summary: "Read who did what, the newest first.",
			Doc: "Superusers read everything, owners of a project what happened in it if they name it, and everybody what they did " +
				"themselves. Changes are there at once, reads and refusals within a second or two; a read that is repeated within a " +
				"minute is recorded once, and those of files in one directory within a second have the time of the first. A directory that is " +
				"deleted, moved or replaced is one entry, with its path and not those of what is in it. What was done " +
				"to users and credentials, and who signed in, is included, with the path /; a failed sign-in is a refusal of the " +
				"operation sign in.",
			Example: openapi.Example{Reply: `{"items":[{"seq":7,"at":"2026-01-02T03:04:05Z","op":"create","user":"ada","fileId":16402,` +
				`"path":"/Projects/vision/Logs/f","detail":{"size":5},"project":"vision","credential":"3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11",` +
				`"credentialKind":"personal","client":"10.0.0.7","outcome":"changed"}]}`},
		},
		params: []parameter{auditProject, auditPath, auditUser, auditFrom, auditTo, auditReads, auditAfter, pageSize}, action: does(readAudit), costly: true,
	},
}

var (
	auditProject = text("project", "Only in this project.")
	auditUser    = text("user", "Only by this user.")
	auditAfter   = text("after", "The value of next from the previous page.")
	auditReads   = boolean("reads", false, "Include reads and refusals.")
	auditPath    = param[namespace.Path]{
		Param: openapi.Param{Name: "path", Doc: "Only at or below this path.", Schema: *ref("Path")},
		parse: namespace.ParsePath,
	}
	auditFrom = moment("from", "Not before this time.")
	auditTo   = moment("to", "Before this time.")
)

// moment makes a parameter that is a point in time.
func moment(name, doc string) param[time.Time] {
	return param[time.Time]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: openapi.Schema{Type: "string", Format: "date-time"}},
		parse: func(text string) (time.Time, error) {
			t, err := time.Parse(time.RFC3339, text)
			t = t.UTC() // a zone offset of 24 hours can be parsed, but not formatted
			if err != nil || t.Year() < 1970 || t.Year() > 9999 {
				return time.Time{}, causef("%q is no time: want one as in 2026-01-02T03:04:05Z, from 1970 on", printable(text))
			}
			return t, nil
		},
	}
}

func readAudit(c *call, _ none) (AuditPage, error) {
	entries, next, err := c.session.Audit(c.ctx, namespace.AuditQuery{
		Project: auditProject.of(c), Path: auditPath.of(c), User: auditUser.of(c), From: auditFrom.of(c), To: auditTo.of(c),
		After: auditAfter.of(c), Limit: int(pageSize.of(c)), Reads: auditReads.of(c),
	})
	page := AuditPage{Items: make([]AuditEntry, len(entries)), Next: next}
	for i := range entries {
		e := &entries[i]
		page.Items[i] = AuditEntry{
			Event: showEvent(&e.Event), Project: e.Project, Credential: e.Credential, Client: e.Client,
			Outcome: string(e.Outcome), Reason: e.Reason, Lost: e.Lost,
		}
	}
	if err == nil {
		err = c.nameCredentials(page.Items)
	}
	return page, err
}

// nameCredentials adds to entries the kind of their credentials and, for those who may see it, the label.
func (c *call) nameCredentials(entries []AuditEntry) error {
	var ids []uuid.UUID
	for i := range entries {
		if id, err := uuid.Parse(entries[i].Credential); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	known, err := c.server.auth.Credentials(c.ctx, ids)
	for i := range entries {
		e := &entries[i]
		id, bad := uuid.Parse(e.Credential)
		t, ok := known[id]
		if bad != nil || !ok {
			continue
		}
		e.Kind = string(t.Kind)
		own := e.User == c.principal.User && t.User == c.principal.User
		if (own || c.principal.Superuser) && t.Kind != auth.WebSession { // the label of a session is its browser's User-Agent
			e.Label = t.Label
		}
	}
	return err
}
