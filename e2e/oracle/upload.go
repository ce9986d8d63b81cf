package oracle

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// upload is a request whose body has been sent except for the last byte.
type upload struct {
	conn    net.Conn
	request request
}

// begin sends all of r but the last byte of its body.
func begin(r request) (*upload, error) {
	conn, err := dial(r)
	if err != nil {
		return nil, err
	}
	text := r.bytes()
	if _, err := conn.Write(text[:len(text)-1]); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("begin %s %s: %w", r.method, r.target, err)
	}
	return &upload{conn, r}, nil
}

// finish sends the last byte and reads the reply.
func (u *upload) finish() (response, error) {
	defer u.abandon()
	last := u.request.body[len(u.request.body)-1:]
	if _, err := u.conn.Write(last); err != nil {
		return response{}, fmt.Errorf("finish %s %s: %w", u.request.method, u.request.target, err)
	}
	return receive(bufio.NewReader(u.conn), u.request.method)
}

// abandon closes the connection.
func (u *upload) abandon() { _ = u.conn.Close() }

// awaitWriter waits until the server reports that the file in target, whose query is ignored, is being written.
func (s *Server) awaitWriter(target string) error {
	path, _, _ := strings.Cut(target, "?")
	question := request{addr: s.addr, method: http.MethodGet, target: prefix + path + "?op=GET_BLOCK_LOCATIONS&user.name=" + Superuser}
	for end := time.Now().Add(exchangeTimeout); ; {
		r, err := send(question)
		if err != nil {
			return err
		}
		var answer struct {
			LocatedBlocks struct {
				IsUnderConstruction bool `json:"isUnderConstruction"`
			}
		}
		if r.status == http.StatusOK && json.Unmarshal(r.body, &answer) == nil && answer.LocatedBlocks.IsUnderConstruction {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("nobody writes %s after %v: status %d %s", path, exchangeTimeout, r.status, r.body)
		}
		<-time.After(10 * time.Millisecond)
	}
}
