package oracle

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// exchangeTimeout bounds one request and its reply. HDFS answers in milliseconds, except when a lease has to be recovered.
const exchangeTimeout = 30 * time.Second

// request is one HTTP/1.1 message, sent in exactly the bytes that the script asks for.
type request struct {
	addr   string // host:port to connect to; also the Host header
	method string
	target string // sent as it is, neither escaped nor checked
	header []string
	body   []byte
	upload bool // the request has a body (which may be empty), so Content-Length and an octet-stream type are sent
}

// response is a response with its whole body.
type response struct {
	status int
	header http.Header
	body   []byte
}

// send opens a connection for the request alone, so that no reply depends on what was sent before it.
//
// It does not follow redirects or retry, and adds no header but Host, Connection and, with a body or a method that usually
// has one, Content-Length. It skips a 100 Continue, as net/http does.
func send(r request) (response, error) {
	conn, err := dial(r)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = conn.Close() }()

	wrote := make(chan error, 1)
	go func() {
		_, err := conn.Write(r.bytes())
		wrote <- err
	}()
	resp, err := receive(bufio.NewReader(conn), r.method)
	// A server may refuse an upload and close before it has read all of it: the reply counts then, and not the broken pipe.
	_ = conn.Close()
	if werr := <-wrote; err != nil {
		return response{}, fmt.Errorf("%s %s: %w", r.method, r.target, errors.Join(err, werr))
	}
	return resp, nil
}

func dial(r request) (net.Conn, error) {
	conn, err := net.DialTimeout("tcp", r.addr, exchangeTimeout) //nolint:noctx // bounded by the time-out
	if err != nil {
		return nil, fmt.Errorf("connect for %s %s: %w", r.method, r.target, err)
	}
	if err := conn.SetDeadline(time.Now().Add(exchangeTimeout)); err != nil {
		return nil, errors.Join(fmt.Errorf("set deadline: %w", err), conn.Close())
	}
	return conn, nil
}

// bytes renders the request.
func (r request) bytes() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", r.method, r.target, r.addr)
	for _, h := range r.header {
		b.WriteString(h + "\r\n")
	}
	switch {
	case r.upload:
		fmt.Fprintf(&b, "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n", len(r.body))
	case r.method == http.MethodPut || r.method == http.MethodPost:
		b.WriteString("Content-Length: 0\r\n")
	}
	b.WriteString("\r\n")
	b.Write(r.body)
	return []byte(b.String())
}

// receive reads one final response.
func receive(br *bufio.Reader, method string) (response, error) {
	for {
		resp, err := http.ReadResponse(br, &http.Request{Method: method}) //nolint:bodyclose // send closes the connection it reads from
		if err != nil {
			return response{}, fmt.Errorf("read reply: %w", err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return response{}, fmt.Errorf("read reply body of %s: %w", resp.Status, err)
		}
		if resp.StatusCode < http.StatusOK {
			continue
		}
		return response{status: resp.StatusCode, header: resp.Header, body: body}, nil
	}
}
