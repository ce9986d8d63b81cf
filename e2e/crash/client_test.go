package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// client speaks WebHDFS with one hop.
type client struct {
	base  string // the server's address
	token string
	http  *http.Client
}

func newClient(base, token string) *client {
	return &client{base: base, token: token, http: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, ResponseHeaderTimeout: time.Minute},
	}}
}

// errLater is what an operation fails with that the server asks to try again, because its database is away.
var errLater = errors.New("RetriableException")

// lostError says that no whole answer came.
type lostError struct{ err error }

func (e *lostError) Error() string { return "no answer: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// excused reports whether an operation may fail so while a process of the server's is killed. Its outcome is unknown.
func excused(err error) bool {
	var lost *lostError
	return errors.Is(err, errLater) || errors.As(err, &lost)
}

// request sends one and returns the answer if it is a success. size is the body's, below 0: not announced.
func (c *client) request(method, path, op string, query url.Values, body io.Reader, size int64) (*http.Response, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("op", op)
	if body != nil && size == 0 {
		query.Set("data", "true") // an empty body on the first hop asks for a redirect
	}
	r, err := http.NewRequest(method, c.base+"/webhdfs/v1"+path+"?"+query.Encode(), body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.ContentLength = size
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, &lostError{err}
	}
	if answer.StatusCode < 300 {
		return answer, nil
	}
	defer answer.Body.Close()
	var failure struct {
		RemoteException struct{ Exception, Message string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&failure); err != nil {
		return nil, fmt.Errorf("%s %s: status %d without a RemoteException: %w", op, path, answer.StatusCode, err)
	}
	if answer.StatusCode == http.StatusForbidden && failure.RemoteException.Exception == "RetriableException" {
		return nil, fmt.Errorf("%w: %s", errLater, failure.RemoteException.Message)
	}
	return nil, fmt.Errorf("%s %s: status %d: %s: %s", op, path, answer.StatusCode,
		failure.RemoteException.Exception, failure.RemoteException.Message)
}

// tell sends a request whose answer says nothing, unless it says {"boolean":false}.
func (c *client) tell(method, path, op string, query url.Values, body io.Reader, size int64) error {
	answer, err := c.request(method, path, op, query, body, size)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return &lostError{err}
	}
	if len(text) > 0 && string(text) != `{"boolean":true}` {
		return fmt.Errorf("%s %s: answered %q", op, path, text)
	}
	return nil
}

func (c *client) create(path string, overwrite bool, body io.Reader, size int64) error {
	return c.tell(http.MethodPut, path, "CREATE", url.Values{"overwrite": {fmt.Sprint(overwrite)}}, body, size)
}

func (c *client) append(path string, body io.Reader, size int64) error {
	return c.tell(http.MethodPost, path, "APPEND", nil, body, size)
}

func (c *client) mkdirs(path string) error {
	return c.tell(http.MethodPut, path, "MKDIRS", nil, nil, 0)
}

func (c *client) rename(from, to string) error {
	return c.tell(http.MethodPut, from, "RENAME", url.Values{"destination": {to}}, nil, 0)
}

func (c *client) delete(path string) error {
	return c.tell(http.MethodDelete, path, "DELETE", url.Values{"recursive": {"true"}}, nil, 0)
}

// check reads a file and fails with a differentError if it is not as it should be.
func (c *client) check(path string, want content) error {
	answer, err := c.request(http.MethodGet, path, "OPEN", nil, nil, 0)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	err = want.compare(answer.Body)
	var different *differentError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &different):
		return fmt.Errorf("%s: %w", path, err)
	}
	return &lostError{err}
}

// status is what the tests look at in a directory's listing.
type status struct {
	PathSuffix string
	Type       string
	Length     int64
}

func (c *client) list(path string) ([]status, error) {
	answer, err := c.request(http.MethodGet, path, "LISTSTATUS", nil, nil, 0)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var listing struct {
		FileStatuses struct{ FileStatus []status }
	}
	if err := json.NewDecoder(answer.Body).Decode(&listing); err != nil {
		return nil, &lostError{err}
	}
	return listing.FileStatuses.FileStatus, nil
}
