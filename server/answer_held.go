package server

import "net/http"

// Bounds of the answers that are held in memory until they are sent, in bytes. As with archives, clients may read them slowly, so
// they are counted apart from the request bodies.
const (
	defaultAnswers     = 256 << 20
	defaultAnswersEach = defaultAnswers / 2 // to one principal

	// littleOfAnswer is the length up to which an answer is not counted. A page of a listing is not longer.
	littleOfAnswer = 512 << 10
)

// holdAnswer counts an answer of n bytes as held until letGo is called, and fails if there is no room for it. Only a GET can fail:
// any other request has been carried out by now, and its client must be told so.
func (c *call) holdAnswer(n int) (letGo func(), err error) {
	l, size := c.server.limits, int64(n)
	if size <= l.answerLittle || c.r.Method == http.MethodHead {
		return func() {}, nil
	}
	each, all := int64(0), l.answers.Add(size)
	if c.use != nil {
		each = c.use.answers.Add(size)
	}
	letGo = func() {
		l.answers.Add(-size)
		if c.use != nil {
			c.use.answers.Add(-size)
		}
	}
	switch {
	case c.r.Method != http.MethodGet:
		return letGo, nil
	case each > l.answersEach:
		letGo()
		return nil, &denial{
			face: tooManyRequests, retry: shedRetry,
			msg: "The answers that you have not taken yet are longer together than what this server holds for one user; read them first, or ask for less.",
		}
	case all > l.answersAll:
		letGo()
		return nil, &denial{face: tooBusy, retry: shedRetry, msg: "The server holds as many long answers as it can; try again, or ask for less."}
	}
	return letGo, nil
}
