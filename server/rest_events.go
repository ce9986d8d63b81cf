package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"granary/namespace"
	"granary/openapi"
)

// Event is a change in a project, or outside of all projects.
type Event struct {
	Seq       int64       `json:"seq" doc:"1, 2, 3… in the project, without gaps and in the order in which things happened."`
	At        time.Time   `json:"at"`
	Op        string      `json:"op" doc:"What was done: create, append, mkdirs, rename, replace, delete, set permission, set owner, set ACL, set member, offer share and so on."`
	User      string      `json:"user"`
	FileID    int64       `json:"fileId"`
	Path      string      `json:"path" doc:"Where it was, before a rename."`
	Target    string      `json:"target,omitempty" doc:"Where a rename put it."`
	Detail    EventDetail `json:"detail"`
	Operation *uuid.UUID  `json:"operation,omitempty" doc:"The request's Idempotency-Key."`
}

// EventDetail says what was changed.
type EventDetail struct {
	Dir         bool                   `json:"dir,omitempty" doc:"It is, or was, a directory."`
	Size        *int64                 `json:"size,omitempty" doc:"Size of the file in bytes after the change; for a deletion, before it."`
	Added       *int64                 `json:"added,omitempty" doc:"Bytes that were appended."`
	Replaced    int64                  `json:"replaced,omitempty" doc:"The fileId of what was replaced."`
	Trash       string                 `json:"trash,omitempty" doc:"Where the replaced entry is now; absent if it was deleted."`
	Made        string                 `json:"made,omitempty" doc:"The topmost of the missing parent directories that were created."`
	Mode        string                 `json:"mode,omitempty" doc:"Octal."`
	ACL         *string                `json:"acl,omitempty" doc:"The entries, separated by commas; empty: none are left."`
	Owner       string                 `json:"owner,omitempty"`
	Group       string                 `json:"group,omitempty"`
	MTime       *int64                 `json:"mtime,omitempty" doc:"Milliseconds since 1970."`
	ATime       *int64                 `json:"atime,omitempty" doc:"Milliseconds since 1970."`
	Replication int                    `json:"replication,omitempty"`
	Xattr       string                 `json:"xattr,omitempty" doc:"The attribute's name."`
	Tags        map[string]string      `json:"tags,omitempty" doc:"Tags that were set, with their values."`
	Untagged    []string               `json:"untagged,omitempty" doc:"The keys of tags that were removed."`
	Policy      *string                `json:"policy,omitempty" doc:"The storage policy; empty: that of the directory above."`
	Quota       *namespace.DetailQuota `json:"quota,omitempty"`
	Sources     []string               `json:"sources,omitempty" doc:"Of a concat, a copy, a zip or an unzip."`
	Project     string                 `json:"project,omitempty" doc:"The project that was created or removed."`
	Member      string                 `json:"member,omitempty" doc:"Whose role changed, or whose request ended."`
	Role        namespace.Role         `json:"role,omitempty" doc:"The new role of the member."`
	Description *string                `json:"description,omitempty"`
	Listed      *bool                  `json:"listed,omitempty"`
	Public      *bool                  `json:"public,omitempty"`
	Archived    *bool                  `json:"archived,omitempty"`
	Share       *namespace.DetailShare `json:"share,omitempty"`
	User        string                 `json:"user,omitempty" doc:"Only in the audit log, like everything that follows: the user that it was done to."`
	Token       string                 `json:"token,omitempty" doc:"The id of the token, session or link."`
	Kind        string                 `json:"kind,omitempty" doc:"Of the token; absent for a token with a life of at most an hour, which is not listed."`
	Groups      *[]string              `json:"groups,omitempty" doc:"The user's new groups; for set mapped groups, those from a provider."`
	Admin       *bool                  `json:"admin,omitempty" doc:"The user is a superuser, or no longer."`
	Identity    string                 `json:"identity,omitempty" doc:"At an OpenID provider."`
	Expires     *time.Time             `json:"expires,omitempty" doc:"When the token ends."`
	Root        int64                  `json:"root,omitempty" doc:"The fileId of the directory that the token is limited to."`
}

// Events are a page of a feed.
type Events struct {
	Items []Event `json:"items" doc:"In the order of seq, or with before the newest first."`
	Last  int64   `json:"last" doc:"What to give as after, or as before, for what comes next."`
}

const exampleEvent = `{"seq":7,"at":"2026-01-02T03:04:05Z","op":"create","user":"ada","fileId":16402,"path":"/Projects/vision/Logs/f","detail":{"size":5}}`

const exampleCommonEvent = `{"seq":3,"at":"2026-01-02T03:04:05Z","op":"create project","user":"ada","fileId":16410,"path":"/Projects/vision",` +
	`"detail":{"dir":true,"project":"vision","member":"ada","role":"owner"}}`

// eventRoutes are the operations that follow the events of a project, or of what lies outside of all projects.
var eventRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listEvents", Method: http.MethodGet, Path: "/projects/{project}/events", Tag: "events", Summary: "Read the events of a project, or wait for one.",
			Doc: "For the project's members. Every change is one event; none is left out, and they come in the order in which they happened. " +
				"Events are kept for some time (90 days by default): 410 says that those after `after` have been removed.",
			Example: openapi.Example{Reply: `{"items":[` + exampleEvent + `],"last":7}`},
		},
		params: []parameter{afterEvent, beforeEvent, pageSize, waitSeconds}, action: does(listProjectEvents),
	},
	{
		Route: openapi.Route{
			ID: "streamEvents", Method: http.MethodGet, Path: "/projects/{project}/events/stream", Tag: "events", Summary: "Follow the events of a project as server-sent events.",
			Doc: "Each message has the event's seq as its id, `change` as its type, and as its data the event as listEvents shows it. A client that reconnects " +
				"with the header Last-Event-ID continues after that event. The stream ends when the token ends or the server stops and, " +
				"after a message of the type `end` with the problem as its data, when the caller may no longer follow the project.",
			Status: http.StatusOK, Media: "text/event-stream",
		},
		params: []parameter{fromEvent, atMost}, action: streams(func(c *call) error { return c.streamEvents(c.inURL("project")) }),
	},
	{
		Route: openapi.Route{
			ID: "listCommonEvents", Method: http.MethodGet, Path: "/events", Tag: "events", Summary: "Read the events outside of projects, or wait for one.",
			Doc: "For superusers: creation and removal of projects, and every change in home directories and elsewhere outside projects, in one feed with numbers " +
				"of its own. Otherwise like listEvents.",
			Example: openapi.Example{Reply: `{"items":[` + exampleCommonEvent + `],"last":3}`},
		},
		params: []parameter{afterEvent, beforeEvent, pageSize, waitSeconds}, action: does(listCommonEvents),
	},
	{
		Route: openapi.Route{
			ID: "streamCommonEvents", Method: http.MethodGet, Path: "/events/stream", Tag: "events", Summary: "Follow the events outside of projects as server-sent events.",
			Doc:    "For superusers. Otherwise as streamEvents.",
			Status: http.StatusOK, Media: "text/event-stream",
		},
		params: []parameter{fromEvent, atMost}, action: streams(func(c *call) error { return c.streamEvents(commonGround) }),
	},
}

// commonGround stands, in place of a project's name, for what lies outside of all projects.
const commonGround = ""

// maxWait bounds how long a request waits for events, in seconds. Proxies allow a silent connection for longer.
const maxWait = 30

var (
	afterEvent  = eventNumber("after", "The seq after which to continue; without it, or 0, from the first event.", 0)
	fromEvent   = eventNumber("after", "The seq after which to begin, for a client without Last-Event-ID; without it, with events from now on.", -1)
	beforeEvent = eventNumber("before", "Read backwards, newest first: the events before this seq, or with 0 the newest ones. Not together with after or wait.", -1)
	atMost      = param[int64]{
		Param: openapi.Param{
			Name: "limit", Doc: "At most how many events to send; then the stream ends. Without it, any number.",
			Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](1)},
		},
		parse: func(text string) (int64, error) { return parseInteger("limit", text, 10, javaLong, 1, math.MaxInt64) },
		unset: math.MaxInt64,
	}
	waitSeconds = param[int64]{
		Param: openapi.Param{
			Name: "wait", Doc: "How many seconds to wait for an event if there is none yet.",
			Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](0), Maximum: pointer[int64](maxWait), Default: 0},
		},
		parse: func(text string) (int64, error) { return parseInteger("wait", text, 10, javaInt, 0, maxWait) },
	}
)

// eventNumber makes a parameter that is the number of an event, or 0.
func eventNumber(name, doc string, unset int64) param[int64] {
	return param[int64]{
		Param: openapi.Param{Name: name, Doc: doc, Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](0)}},
		parse: func(text string) (int64, error) { return parseInteger(name, text, 10, javaLong, 0, math.MaxInt64) },
		unset: unset,
	}
}

func showEvent(e *namespace.Event) Event {
	out := Event{
		Seq: e.Seq, At: e.At.UTC(), Op: e.Op, User: e.User, FileID: e.Inode, Path: e.Path.String(), Detail: EventDetail(e.Detail),
	}
	if !e.Target.IsRoot() {
		out.Target = e.Target.String()
	}
	if e.Operation != uuid.Nil {
		out.Operation = &e.Operation
	}
	return out
}

func listProjectEvents(c *call, _ none) (Events, error) { return c.listEvents(c.inURL("project")) }

func listCommonEvents(c *call, _ none) (Events, error) { return c.listEvents(commonGround) }

func (c *call) listEvents(project string) (Events, error) {
	after := afterEvent.of(c)
	if before := beforeEvent.of(c); before >= 0 {
		return c.listEventsBefore(project, before)
	}
	feed := c.session.Follow(project)
	defer feed.Close()
	events, err := feed.Events(c.ctx, after, int(pageSize.of(c)))
	if wait := time.Duration(waitSeconds.of(c)) * time.Second; err == nil && len(events) == 0 && wait > 0 {
		if err = c.await(feed, after, wait); err == nil {
			events, err = feed.Events(c.ctx, after, int(pageSize.of(c)))
		}
	}
	return showEvents(events, after), err
}

// listEventsBefore is listEvents in the order from the newest to the oldest.
func (c *call) listEventsBefore(project string, before int64) (Events, error) {
	if afterEvent.of(c) > 0 || waitSeconds.of(c) > 0 {
		return Events{}, &namespace.Error{
			Op: "read parameter", Kind: namespace.InvalidArgument,
			Msg: "before reads backwards, after and wait read forwards: give before alone, or the others.",
		}
	}
	events, newest, err := c.session.EventsBefore(c.ctx, project, before, int(pageSize.of(c)))
	if before == 0 { // the next page needs a number even if no event is kept any more
		before = newest
	}
	return showEvents(events, before), err
}

// showEvents renders a page. last is where the page ends if it has no events.
func showEvents(events []namespace.Event, last int64) Events {
	page := Events{Items: make([]Event, len(events)), Last: last}
	for i := range events {
		page.Items[i] = showEvent(&events[i])
		page.Last = events[i].Seq
	}
	return page
}

// await returns when there may be events beyond the number after, when the time is over, or when the server is about to stop.
func (c *call) await(feed *namespace.Following, after int64, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(c.ctx, wait)
	defer cancel()
	defer context.AfterFunc(c.server.serving, cancel)()
	err := feed.Await(ctx, after)
	if ctx.Err() != nil && c.ctx.Err() == nil {
		return nil // the time is over, or the server stops
	}
	return err
}

// streamEvents answers with events until the client leaves, the principal may not follow the project any more, or the
// server stops.
func (c *call) streamEvents(project string) error {
	after := fromEvent.of(c)
	if text := c.r.Header.Get("Last-Event-ID"); text != "" {
		seen, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seen < 0 {
			return &namespace.Error{
				Op: "read header", Kind: namespace.InvalidArgument,
				Msg: fmt.Sprintf("Last-Event-ID %q is no event's: want the id of the last message, a number", printable(text)),
			}
		}
		after = seen
	}
	if after < 0 {
		var err error
		if after, err = c.session.LastEvent(c.ctx, project); err != nil {
			return err
		}
	}
	var cancel context.CancelFunc
	if end := c.principal.Expires; !end.IsZero() {
		c.ctx, cancel = context.WithDeadline(c.ctx, end)
		defer cancel()
	}
	feed := c.session.Follow(project)
	defer feed.Close()
	left := atMost.of(c)
	for begun := false; ; begun = true {
		page := int(min(left, maxPage))
		events, err := feed.Events(c.ctx, after, page)
		if err != nil {
			return c.endStream(err)
		}
		if !begun {
			c.w.Header().Set("Content-Type", "text/event-stream")
			c.w.WriteHeader(http.StatusOK)
			if c.r.Method == http.MethodHead {
				return nil
			}
		}
		for i := range events {
			if err := c.sendEvent(&events[i]); err != nil {
				return err
			}
			after = events[i].Seq
		}
		left -= int64(len(events))
		if left == 0 {
			return nil
		}
		if len(events) == page {
			continue
		}
		// A comment, so that proxies and the client see that the stream is alive.
		if err := c.send(": waiting\n\n"); err != nil {
			return err
		}
		if c.server.serving.Err() != nil {
			return nil
		}
		if err := c.await(feed, after, maxWait*time.Second/2); err != nil {
			return c.endStream(err)
		}
	}
}

// endStream ends a stream that err stops. A stream that has begun ends like a complete answer if the token has expired, and with
// a message that says why if the principal may not follow any longer.
func (c *call) endStream(err error) error {
	if c.w.status == 0 {
		return err
	}
	if errors.Is(c.ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	f := explain(err)
	if f.api < http.StatusInternalServerError {
		return c.send("event: end\ndata: " + string(problem(f, c.id, "")) + "\n\n")
	}
	return err
}

func (c *call) sendEvent(e *namespace.Event) error {
	text, err := json.Marshal(showEvent(e))
	if err != nil {
		return err
	}
	return c.send(fmt.Sprintf("id: %d\nevent: change\ndata: %s\n\n", e.Seq, text))
}

// send writes a part of a stream and flushes it.
func (c *call) send(text string) error {
	if _, err := c.w.Write([]byte(text)); err != nil {
		return err
	}
	return c.w.control.Flush()
}
