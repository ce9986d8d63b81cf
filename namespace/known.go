package namespace

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// knownUsersSQL finds users whose names begin as $1, a pattern in small letters: all of them if $3; else those whom the user $2
// can look up anyway, because they are members of one of that user's projects, or because a dataset of one was offered to them.
const knownUsersSQL = `
SELECT u.name FROM users u WHERE NOT u.disabled AND lower(u.name) LIKE $1 AND ($3
	OR EXISTS (SELECT FROM members mine JOIN projects p ON p.id = mine.project_id AND p.state <> 'd'
		JOIN members m ON m.project_id = p.id WHERE mine.user_id = $2 AND m.user_id = u.id)
	OR EXISTS (SELECT FROM members mine JOIN projects p ON p.id = mine.project_id AND p.state <> 'd'
		JOIN shares s ON s.project_id = p.id WHERE mine.user_id = $2 AND s.to_user = u.id AND (s.expires IS NULL OR s.expires > now())))
ORDER BY u.name LIMIT $4`

// KnownUsers returns up to limit names, in order, of users whom the principal may know of and whose names begin with prefix,
// ignoring case. Owners of projects are told of no more users than others, since everybody may make a project. A token must
// not be limited to a project, and must be allowed to read.
func (s *Session) KnownUsers(ctx context.Context, prefix string, limit int) ([]string, error) {
	const op = "known users"
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	if scope := s.p.Scope; scope.Project != 0 || !scope.Verbs.Allow(auth.Read) {
		return nil, s.dress(op, Path{}, fail(AccessControl, "Permission denied: user=%s, the token is limited and may not list users", s.p.User))
	}
	rows, err := s.fs.db.Query(ctx, knownUsersSQL, likeEscaper.Replace(strings.ToLower(prefix))+"%", s.p.UserID, s.p.Superuser, limit)
	if err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, s.dress(op, Path{}, err)
}
