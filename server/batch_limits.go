package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Bounds of batches. A batch holds memory for as long as its client reads or sends, so only a few are allowed.
const (
	batchesEach  = 16       // under way by one principal
	batchesAll   = 64       // by all
	batchFiles   = 100_000  // found in a directory
	batchMembers = 10_000   // in an archive
	batchContent = 16 << 30 // bytes of file content in an archive, and in a batch that is read
	// batchPerRead is how many files of a batch count as one read: some dozens cost a server as much as one request.
	batchPerRead = 10
)

// enterBatch counts the request among the batches under way, and fails if there are too many. If it succeeds, the caller
// must call leave.
func (c *call) enterBatch() (leave func(), err error) {
	l := c.server.limits
	u := l.of(c.principal.User)
	leave = func() {
		u.batches.Add(-1)
		l.batches.Add(-1)
	}
	each, all := u.batches.Add(1), l.batches.Add(1)
	switch {
	case each > batchesEach:
		leave()
		return nil, &denial{
			face: tooManyRequests, retry: shedRetry,
			msg: fmt.Sprintf("You have %d batches under way, as many as this server takes from one user; wait for some of them.", batchesEach),
		}
	case all > batchesAll:
		leave()
		return nil, &denial{face: tooBusy, retry: shedRetry, msg: "The server is serving as many batches as it can; try again."}
	}
	return leave, nil
}

// logPart logs why a part of a batch failed, if that is the server's fault. The request itself succeeds, so nothing else logs it.
// When the client has left, what was still to be done fails for that reason, which is no fault.
func (c *call) logPart(told failure, path string) {
	if !told.ours() || told.err == nil || c.ctx.Err() != nil && errors.Is(told.err, context.Canceled) {
		return
	}
	attrs := []slog.Attr{slog.String("id", c.id), slog.String("path", redactSecrets(path)), slog.String("error", redactSecrets(told.err.Error()))}
	c.server.log.LogAttrs(c.ctx, slog.LevelError, "part of a batch failed", withStack(attrs, told.err)...)
}

// partProblem logs why a part of a batch failed, and returns it as the answer reports it.
func (c *call) partProblem(err error, path string) *BatchProblem {
	told := explain(err)
	c.logPart(told, path)
	return &BatchProblem{
		Type: "about:blank", Title: told.title, Status: int64(told.api), Detail: told.msg, Instance: path, Exception: simpleName(told.class), RequestID: c.id,
	}
}
