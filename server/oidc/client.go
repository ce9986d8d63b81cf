package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// answerTime is how long the provider may take for one answer.
	answerTime = 10 * time.Second
	// maxAnswer bounds each answer of the provider, in bytes.
	maxAnswer = 1 << 20
)

// newClient returns the client that talks to the provider. It counts in failures how often the provider could not be reached.
func newClient(failures *atomic.Int64) *http.Client {
	return &http.Client{
		Transport: bounded{http.DefaultTransport, failures},
		Timeout:   answerTime,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			return fmt.Errorf("it sends on to %s, which is not followed", r.URL.Host)
		},
	}
}

// bounded reads at most maxAnswer of an answer. It makes an error of a failed GET, without the body, which the libraries would
// quote.
type bounded struct {
	next     http.RoundTripper
	failures *atomic.Int64 // requests without an answer, unless the client has left, or with a 5xx; the libraries' errors do not tell
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err != nil && !errors.Is(err, context.Canceled) || err == nil && answer.StatusCode >= http.StatusInternalServerError {
		b.failures.Add(1)
	}
	if err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet && answer.StatusCode >= http.StatusBadRequest {
		_ = answer.Body.Close() // nothing of it is wanted
		return nil, fmt.Errorf("%s answered %s", r.URL.Host, answer.Status)
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}
