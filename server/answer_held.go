package server

import "net/http"

// holdAnswer counts an answer of n bytes as held until letGo is called, and fails if there is no room for it. Only a GET can fail:
// any other request has been carried out by now, and its client must be told so.
func (c *call) holdAnswer(n int) (letGo func(), err error) {
	l, size := c.server.limits, int64(n)
	if size <= l.rooms[forAnswers].little || c.r.Method == http.MethodHead {
		return func() {}, nil
	}
	err = l.hold(forAnswers, c.use, size)
	letGo = func() { l.letGo(forAnswers, c.use, size) }
	if err != nil && c.r.Method == http.MethodGet {
		letGo()
		return nil, err
	}
	return letGo, nil
}
