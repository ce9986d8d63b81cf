package namespace

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// knownUsersSQL finds users whose names begin as $1, a pattern in small letters: all of them if $3; else those whom the user $2
// can look up anyway, because they are members of a project of his, or because a dataset of it was offered to them.
const knownUsersSQL = `
SELECT u.name FROM users u WHERE NOT u.disabled AND lower(u.name) LIKE $1 AND ($3
	OR EXISTS (SELECT FROM members mine JOIN projects p ON p.id = mine.project_id AND p.state <> 'd'
		JOIN members m ON m.project_id = p.id WHERE mine.user_id = $2 AND m.user_id = u.id)
	OR EXISTS (SELECT FROM members mine JOIN projects p ON p.id = mine.project_id AND p.state <> 'd'
		JOIN shares s ON s.project_id = p.id WHERE mine.user_id = $2 AND s.to_user = u.id AND (s.expires IS NULL OR s.expires > now())))
ORDER BY u.name LIMIT $4`

// KnownUsers returns up to limit names of users that begin with prefix, whatever their capitals, by name: of those whom the
// principal can know of. Owning a project is no reason to be told of more, since everybody may make one. It is for everybody
// with a token that is not limited to a project, and may read.
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
