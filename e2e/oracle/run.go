package oracle

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// prefix precedes every target.
const prefix = "/webhdfs/v1"

// A Server is a WebHDFS server at one address: a NameNode, or Granary.
type Server struct {
	addr        string // host:port
	replication string // the default
}

// Dial takes the base URL of a server, such as http://127.0.0.1:9870 (with a path it is refused), and creates a file there
// to learn the server's default replication.
func Dial(base string) (*Server, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("server URL: %w", err)
	}
	if u.Scheme != "http" || u.Port() == "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("server URL %q: want http://host:port and nothing after it", base)
	}
	s := &Server{addr: u.Host}
	script, err := steps(Superuser + " PUT {dir}?op=CREATE&overwrite=true ->\n" + Superuser + " GET {dir}?op=GETFILESTATUS")
	if err != nil {
		return nil, err
	}
	var last response
	talk := conversation{server: s, dir: "/oracle/default"}
	for _, st := range script {
		replies, err := talk.perform(st)
		if err != nil {
			return nil, err
		}
		last = replies[len(replies)-1]
	}
	var reply struct {
		FileStatus struct {
			Replication json.Number `json:"replication"`
		}
	}
	if err := json.Unmarshal(last.body, &reply); err != nil || reply.FileStatus.Replication == "" {
		return nil, fmt.Errorf("status of a new file on %s: want one with a replication, got status %d %s", base, last.status, last.body)
	}
	s.replication = reply.FileStatus.Replication.String()
	return s, nil
}

// An Answer has the replies to one line of a script: one to its request, then one for each arrow, if there is a Location
// to follow.
type Answer struct {
	Request string
	Replies []Reply
}

// Run creates the sequence's directory, world-writable, runs its setup and then its script, and returns one normalised
// answer for each line of the script.
func (s *Server) Run(q Sequence) ([]Answer, error) {
	prepare := fmt.Sprintf("%[1]s DELETE {dir}?op=DELETE&recursive=true\n%[1]s PUT {dir}?op=MKDIRS\n%[1]s PUT {dir}?op=SETPERMISSION&permission=777\n", Superuser)
	setup, err := steps(prepare + q.Setup)
	if err != nil {
		return nil, fmt.Errorf("sequence %s/%s: %w", q.Op, q.Name, err)
	}
	talk := conversation{server: s, dir: q.Dir()}
	defer talk.hangUp()
	for _, st := range setup {
		replies, err := talk.perform(st)
		if err != nil {
			return nil, fmt.Errorf("sequence %s/%s: %w", q.Op, q.Name, err)
		}
		if last := replies[len(replies)-1]; last.status >= http.StatusMultipleChoices || len(replies) != 1+len(st.hops) {
			return nil, fmt.Errorf("sequence %s/%s: setup %q: got status %d %s", q.Op, q.Name, st.line, last.status, last.body)
		}
	}
	script, err := steps(q.Script)
	if err != nil {
		return nil, fmt.Errorf("sequence %s/%s: %w", q.Op, q.Name, err)
	}
	answers := make([]Answer, len(script))
	for i, st := range script {
		replies, err := talk.perform(st)
		if err != nil {
			return nil, fmt.Errorf("sequence %s/%s: %w", q.Op, q.Name, err)
		}
		answers[i].Request = printable(st.line)
		for _, r := range replies {
			reply, err := normalizer{dir: q.Dir(), replication: s.replication}.reply(r)
			if err != nil {
				return nil, fmt.Errorf("sequence %s/%s: %q: %w", q.Op, q.Name, st.line, err)
			}
			answers[i].Replies = append(answers[i].Replies, reply)
		}
	}
	return answers, nil
}

// A conversation is the exchange of one sequence with a server.
type conversation struct {
	server *Server
	dir    string
	writer *upload // an upload that was left open, or nil
}

// hangUp closes the connection of an upload that was left open.
func (c *conversation) hangUp() {
	if c.writer != nil {
		c.writer.abandon()
	}
}

// perform sends a step's request and then, to the Location that comes back, one request for each of the step's hops.
func (c *conversation) perform(st step) ([]response, error) {
	if st.finish {
		if c.writer == nil {
			return nil, fmt.Errorf("finish: no body was left open")
		}
		last, err := c.writer.finish()
		c.writer = nil
		return []response{last}, err
	}
	s := c.server
	path := strings.ReplaceAll(st.target, "{dir}", c.dir)
	target := path
	if st.user != "" {
		separator := "?"
		if strings.Contains(target, "?") {
			separator = "&"
		}
		target += separator + "user.name=" + st.user
	}
	first, err := send(request{addr: s.addr, method: st.method, target: prefix + target, header: st.header})
	if err != nil {
		return nil, err
	}
	replies := []response{first}
	location := first.header.Get("Location")
	if first.status != http.StatusTemporaryRedirect || location == "" {
		return replies, nil
	}
	for _, h := range st.hops {
		addr, target, err := splitLocation(location)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", st.line, err)
		}
		if h.replace {
			target = withoutParams(target, h.query)
		}
		if h.query != "" {
			target += "&" + h.query
		}
		next := request{addr: addr, method: st.method, target: target, header: st.header, body: h.body, upload: uploads(st.method)}
		if h.open {
			if c.writer, err = begin(next); err == nil {
				err = s.awaitWriter(path)
			}
			return replies, err
		}
		r, err := send(next)
		if err != nil {
			return nil, err
		}
		replies = append(replies, r)
	}
	return replies, nil
}

// splitLocation splits an absolute Location without decoding it, so that the server gets back exactly what it wrote.
func splitLocation(location string) (addr, target string, err error) {
	rest, ok := strings.CutPrefix(location, "http://")
	if !ok {
		return "", "", fmt.Errorf("location %q is not an absolute http URL", location)
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 || !strings.Contains(rest, "?") {
		return "", "", fmt.Errorf("location %q lacks a path or a query; clients append parameters with &", location)
	}
	return rest[:slash], rest[slash:], nil
}

// withoutParams removes from target's query every parameter that query names, and leaves the others as they are spelled.
func withoutParams(target, query string) string {
	path, own, _ := strings.Cut(target, "?")
	kept := slices.DeleteFunc(strings.Split(own, "&"), func(p string) bool {
		name, _, _ := strings.Cut(p, "=")
		return slices.ContainsFunc(strings.Split(query, "&"), func(q string) bool { return strings.HasPrefix(q, name+"=") })
	})
	return path + "?" + strings.Join(kept, "&")
}
