package server

import (
	"cmp"
	"testing"
	"time"

	"granary/auth"
)

// TestRevocationHoldsForEveryOperation revokes a token on one server, and uses it for one operation on another, which has cached
// it: each operation is refused, even those that look at no file.
func TestRevocationHoldsForEveryOperation(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	next := h.nextDoor()
	for i := range ops {
		row := &ops[i]
		target := "/webhdfs/v1" + cmp.Or(row.Example.Path, "/example") + "?data=true&op=" + row.Name + "&" + row.Example.Query
		if row.modern {
			target = apiPrefix + row.Slug() + "?path=" + row.Example.Path + "&" + row.Example.Query
		}
		token, made, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", TTL: 24 * time.Hour})
		must(t, err)
		next.do("GET", "/webhdfs/v1/?op=GETFILESTATUS", "", bearer(token)).want(t, 200, "")
		must(t, h.auth.RevokeToken(t.Context(), made.ID))
		// Some operations check their parameters first, or are offered to nobody.
		if got := next.do(row.Method, target, row.Example.Body, bearer(token)); got.StatusCode < 400 || got.StatusCode >= 500 {
			t.Errorf("%s: %d %.200s", row.Name, got.StatusCode, got.body)
		}
	}
}
