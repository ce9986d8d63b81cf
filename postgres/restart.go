package postgres

import (
	"context"
	"fmt"
)

// Restart starts a server that has ended by itself again, as [Start] does, but never makes a new cluster: if its own is
// gone, its disk may be. The folder stays this process's meanwhile, also when Restart fails: otherwise another process
// could take it, and this one's connections would lead to a server that is not its own. After a failure Restart may be
// called again. Once it has succeeded, s is no more than a memory of why it ended.
func (s *Server) Restart(ctx context.Context, c Config) (*Server, error) {
	again, err := s.restart(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return again, nil
}

func (s *Server) restart(ctx context.Context, c Config) (*Server, error) {
	switch _, exists, err := s.folder.owner(); {
	case err != nil:
		return nil, err
	case !exists:
		return nil, fmt.Errorf("%s is gone: is its disk mounted? put it back, or end this server and restore a backup", s.folder.cluster())
	case !s.lock.is(s.folder.lockFile()):
		return nil, fmt.Errorf("%s is another folder than before: put back the one that was there, or end this server", s.folder)
	}
	acct, err := accountFor(s.folder)
	if err != nil {
		return nil, err
	}
	again, err := s.folder.serve(ctx, c, acct, nil)
	if err != nil {
		return nil, err
	}
	again.lock = s.lock
	s.stop.Do(func() { close(s.asked) }) // the lock is not its own any more
	return again, nil
}
