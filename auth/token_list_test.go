package auth

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestTokensComeInPages lists tokens of the same time, whose ids decide the order, and goes on after a token that was deleted.
func TestTokensComeInPages(t *testing.T) {
	a, h := newAuthority(t)
	for i := range 7 {
		issue(t, a, TokenRequest{Personal: true, Verbs: []Verbs{0, Manage}[i%2]})
	}
	all, err := a.Tokens(t.Context(), "ada", TokenQuery{})
	must(t, err)
	for _, within := range []Scope{{}, {Verbs: Manage}} {
		var want, seen []uuid.UUID
		for _, token := range all {
			if token.Scope.Within(within) {
				want = append(want, token.ID)
			}
		}
		for q := (TokenQuery{Within: within, Limit: 2}); ; {
			page, err := a.Tokens(t.Context(), "ada", q)
			must(t, err)
			for _, token := range page {
				seen = append(seen, token.ID)
				q.After = TokenPlace{token.Created, token.ID}
			}
			if len(page) < q.Limit {
				break
			}
		}
		if len(want) < 3 || !slices.Equal(seen, want) {
			t.Errorf("within %+v: by pages %v, want %v", within, seen, want)
		}
	}
	h.exec(fmt.Sprintf(`DELETE FROM tokens WHERE jti = '%s'`, all[2].ID))
	rest, err := a.Tokens(t.Context(), "ada", TokenQuery{After: TokenPlace{all[2].Created, all[2].ID}})
	must(t, err)
	if len(rest) != len(all)-3 || rest[0].ID != all[3].ID {
		t.Errorf("behind a token that is gone: %+v", rest)
	}
}

// TestPagesUseTheirIndexes: the cost of a page depends on its length, not on the number of tokens.
func TestPagesUseTheirIndexes(t *testing.T) {
	a, h := newAuthority(t)
	h.exec(`INSERT INTO users (name) SELECT 'user' || n FROM generate_series(1, 100) n`)
	h.exec(`INSERT INTO tokens (jti, kind, user_id, created, expires)
		SELECT gen_random_uuid(), 'token', u.id, now() - n * interval '1 hour', now() + interval '1 year' FROM users u, generate_series(1, 200) n`)
	h.exec(`ANALYZE`)
	rows, err := h.db.Query(t.Context(), `EXPLAIN (COSTS OFF) `+tokenPage, "user7", a.cfg.Now(), []TokenKind{Signed, Personal}, time.Now(), uuid.Max, 10)
	must(t, err)
	var plan, line string
	for rows.Next() {
		must(t, rows.Scan(&line))
		plan += line + "\n"
	}
	must(t, rows.Err())
	if !strings.Contains(plan, "using tokens_by_user") || !strings.Contains(plan, "ROW(") || strings.Contains(plan, "Sort") {
		t.Errorf("the plan does not read tokens_by_user in its order:\n%s", plan)
	}
}
