//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// caller asks a server things as one person, without any of the care of a client library.
type caller struct {
	t      *testing.T
	server *granary
	token  string
}

// as returns a caller for user.
func (g *granary) as(t *testing.T, user string) *caller {
	t.Helper()
	return &caller{t, g, g.token(t, user)}
}

// answer is a reply with its content.
type answer struct {
	status int
	body   string
}

func (a answer) String() string { return fmt.Sprintf("%d %.300s", a.status, a.body) }

// exception returns the name and the message of the RemoteException in the answer.
func (a answer) exception(t *testing.T) (name, message string) {
	t.Helper()
	var e struct {
		RemoteException struct{ Exception, Message string }
	}
	if err := json.Unmarshal([]byte(a.body), &e); err != nil {
		t.Fatalf("%v: want a RemoteException: %v", a, err)
	}
	return e.RemoteException.Exception, e.RemoteException.Message
}

// do sends a request; target is what follows the origin. A body of unknown length is chunked.
func (c *caller) do(method, target string, body io.Reader) (answer, error) {
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.server.url+target, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, string(text)}, err
}

// want sends a request and fails the test unless the answer has the status.
func (c *caller) want(status int, method, target string, body io.Reader) answer {
	c.t.Helper()
	a, err := c.do(method, target, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	if a.status != status {
		c.t.Fatalf("%s %s: %v, want %d", method, target, a, status)
	}
	return a
}

// length returns the length of a file, -1 if there is none.
func (c *caller) length(path string) int64 {
	c.t.Helper()
	a, err := c.do("GET", "/webhdfs/v1"+path+"?op=GETFILESTATUS", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if a.status == http.StatusNotFound {
		return -1
	}
	var s struct{ FileStatus struct{ Length int64 } }
	if err := json.Unmarshal([]byte(a.body), &s); err != nil || a.status != http.StatusOK {
		c.t.Fatalf("status of %s: %v", path, a)
	}
	return s.FileStatus.Length
}

// socket is a connection to a server on which anything can be sent.
type socket struct {
	*net.TCPConn
	t    *testing.T
	from *bufio.Reader
}

// socketTime bounds what is done on one socket.
const socketTime = time.Minute

// dial connects to the server and sends the head of a request, to which it adds a token.
func (c *caller) dial(method, target string, headers ...string) *socket {
	c.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.server.url, "http://"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { conn.Close() })
	s := &socket{conn.(*net.TCPConn), c.t, bufio.NewReader(conn)}
	if err := s.SetDeadline(time.Now().Add(socketTime)); err != nil {
		c.t.Fatal(err)
	}
	s.send(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n", method, target, c.token, strings.Join(headers, "\r\n")))
	return s
}

// send writes text as it stands.
func (s *socket) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s, text); err != nil {
		s.t.Fatal(err)
	}
}

// receive reads an answer.
func (s *socket) receive() answer {
	s.t.Helper()
	resp, err := http.ReadResponse(s.from, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text)}
}
