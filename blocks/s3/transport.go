package s3

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// transport is a RoundTripper that reads a request's body no more once the body of the answer is closed, or there is
// none. That of net/http goes on for a while if a store answers before it has read everything. Meanwhile the client
// sends the same part again, whose bytes the two requests would share, or its memory is another part's.
type transport struct{ base http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return t.base.RoundTrip(request)
	}
	sent := &sentBody{body: request.Body}
	request = request.WithContext(request.Context()) // a copy: the caller's may not be changed
	request.Body = sent
	response, err := t.base.RoundTrip(request)
	if err != nil {
		sent.end()
		return nil, err
	}
	response.Body = &answerBody{response.Body, sent}
	return response, nil
}

// closeIdle ends connections without a request.
func (t *transport) closeIdle() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// sentBody is the body of a request.
type sentBody struct {
	mu    sync.Mutex
	body  io.ReadCloser
	ended bool
}

var errAnswered = errors.New("the request has been answered")

func (b *sentBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return 0, errAnswered
	}
	return b.body.Read(p)
}

func (b *sentBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.body.Close()
}

// end waits for the Read under way, which takes no time, and lets every other fail.
func (b *sentBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}

// answerBody is the body of the answer to a request with the body sent.
type answerBody struct {
	io.ReadCloser
	sent *sentBody
}

func (b *answerBody) Close() error {
	b.sent.end()
	return b.ReadCloser.Close()
}
