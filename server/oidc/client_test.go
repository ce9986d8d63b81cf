package oidc

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// tracked is the body of an answer.
type tracked struct {
	io.Reader
	closed bool
}

func (b *tracked) Close() error {
	b.closed = true
	return nil
}

// answers is a provider that always gives the same answer.
type answers struct{ answer *http.Response }

func (a answers) RoundTrip(*http.Request) (*http.Response, error) { return a.answer, nil }

// Nobody else can close the body of an answer that is turned into an error, and its connection stays open as long.
func TestARefusalIsClosed(t *testing.T) {
	body := &tracked{Reader: strings.NewReader("no")}
	b := bounded{answers{&http.Response{StatusCode: http.StatusNotFound, Body: body}}, new(atomic.Int64)}
	if _, err := b.RoundTrip(httptest.NewRequest(http.MethodGet, "https://login.example.org/", nil)); err == nil || !body.closed { //nolint:bodyclose // there is none
		t.Errorf("error %v, closed %t", err, body.closed)
	}
}
