package namespace

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/auth"
)

// A job that a proxy has started for a user ends with the proxy's token and with the proxy, as the proxy's own requests do.
func TestJobEndsWithItsProxysToken(t *testing.T) {
	const refused = "the token of who acts for bob"
	for name, c := range map[string]struct {
		end   func(ctx context.Context, a *auth.Authority, token uuid.UUID) error
		state JobState
		words string
	}{
		"revoked":  {func(ctx context.Context, a *auth.Authority, token uuid.UUID) error { return a.RevokeToken(ctx, token) }, JobFailed, refused},
		"disabled": {func(ctx context.Context, a *auth.Authority, _ uuid.UUID) error { return a.Disable(ctx, "max") }, JobFailed, refused},
		"its user becomes a superuser": {func(ctx context.Context, a *auth.Authority, _ uuid.UUID) error {
			return a.SetAdmin(ctx, "bob", true)
		}, JobFailed, "nobody may act for a superuser"},
		"neither": {func(context.Context, *auth.Authority, uuid.UUID) error { return nil }, JobDone, ""},
		"another token of the proxy's": {func(ctx context.Context, a *auth.Authority, _ uuid.UUID) error {
			_, other, err := a.IssueToken(ctx, auth.TokenRequest{User: "max", TTL: 48 * time.Hour})
			if err == nil {
				err = a.RevokeToken(ctx, other.ID)
			}
			return err
		}, JobDone, ""},
	} {
		for when, running := range map[string]bool{"while it runs": true, "before it runs": false} {
			t.Run(name+" "+when, func(t *testing.T) {
				fs := jobsFS(t, func(c *Config) { c.Jobs.Each = 1 })
				fs.as(t, "bob").put(t, "/Projects/vision/d/f", []byte("f"))
				secret, token, err := fs.auth.IssueToken(t.Context(), auth.TokenRequest{User: "max", TTL: 48 * time.Hour})
				must(t, err)
				proxy, _, err := fs.auth.Verify(t.Context(), secret)
				must(t, err)
				bob, err := fs.auth.Principal(t.Context(), "bob")
				must(t, err)
				s := fs.As(fs.auth.For(bob, proxy))
				p := fs.park(t, 1)
				if !running { // since another job of bob's does
					fs.as(t, "bob").start(t, JobCopy, "/Projects/vision/first", "/Projects/vision/d")
					p.wait(t)
				}
				job := s.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d")
				p.wait(t)
				must(t, c.end(t.Context(), fs.auth, token.ID))
				p.release()
				fs.ended(t, job.ID).want(t, c.state, c.words)
				fs.idle(t)
				fs.nothingStaged(t)
			})
		}
	}
}
