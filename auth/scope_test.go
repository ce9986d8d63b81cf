package auth

import (
	"reflect"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestVerbsAllow(t *testing.T) {
	for _, tt := range []struct{ have, allows Verbs }{
		{0, Read | Add | Write | Manage},
		{Read, Read},
		{Add, Add},
		{Write, Write | Add},
		{Manage, Manage},
		{Read | Add, Read | Add},
	} {
		for _, want := range []Verbs{Read, Add, Write, Manage, Read | Write, Add | Manage} {
			if got := tt.have.Allow(want); got != (want&^tt.allows == 0) {
				t.Errorf("%s allows %s: %v", tt.have, want, got)
			}
		}
	}
}

func TestScopeWithin(t *testing.T) {
	for _, tt := range []struct {
		inner, outer Scope
		want         bool
	}{
		{Scope{}, Scope{}, true},
		{Scope{Project: 7}, Scope{}, true},
		{Scope{}, Scope{Project: 7}, false},
		{Scope{Project: 8}, Scope{Project: 7}, false},
		{Scope{Project: 7, Root: 3}, Scope{Project: 7}, true},
		{Scope{Project: 7}, Scope{Project: 7, Root: 3}, false},
		{Scope{Project: 7, Root: 4}, Scope{Project: 7, Root: 3}, false},
		{Scope{}, Scope{Verbs: Read}, false},
		{Scope{Verbs: Read}, Scope{}, true},
		{Scope{Verbs: Add}, Scope{Verbs: Write}, true},
		{Scope{Verbs: Write}, Scope{Verbs: Add}, false},
		{Scope{Verbs: Read | Write}, Scope{Verbs: Read}, false},
	} {
		if got := tt.inner.Within(tt.outer); got != tt.want {
			t.Errorf("%+v within %+v: %v", tt.inner, tt.outer, got)
		}
	}
}

// TestVerbsTravel follows the verbs through every credential that carries them.
func TestVerbsTravel(t *testing.T) {
	a, _ := newAuthority(t)
	for v := Verbs(0); v <= everyVerb; v++ {
		p, c := verify(t, a, issue(t, a, TokenRequest{Verbs: v, TTL: 2 * time.Hour}))
		if p.Scope.Verbs != v || c.Scope.Verbs != v {
			t.Errorf("%s: the token has become %s", v, p.Scope.Verbs)
		}
		ticket := a.Ticket(p, Ticket{Op: "OPEN", Path: "/f"})
		if p, err := a.VerifyTicket(t.Context(), ticket, "OPEN", "/f"); err != nil || p.Scope.Verbs != v {
			t.Errorf("%s: the ticket has become %s, %v", v, p.Scope.Verbs, err)
		}
		delegation, err := a.Delegate(t.Context(), p, "")
		must(t, err)
		if p, _ := verify(t, a, delegation); p.Scope.Verbs != v {
			t.Errorf("%s: the delegation has become %s", v, p.Scope.Verbs)
		}
		again, err := ParseVerbs(v.Names())
		if err != nil || again != v {
			t.Errorf("%s is read as %s, %v", v, again, err)
		}
	}
	listed, err := a.Tokens(t.Context(), "ada", TokenQuery{})
	must(t, err)
	seen := map[Verbs]int{}
	for _, token := range listed {
		seen[token.Scope.Verbs]++
	}
	for v := Verbs(0); v <= everyVerb; v++ {
		if seen[v] != 2 { // the token and the delegation
			t.Errorf("%s is listed %d times", v, seen[v])
		}
	}
}

// TestReadOnlyTokensOfOld shows that tokens made before tokens had verbs are still understood.
func TestReadOnlyTokensOfOld(t *testing.T) {
	a, _ := newAuthority(t)
	p, _ := verify(t, a, forge(t, a, func(f *forgery) { f.claims["ro"] = true }))
	if p.Scope.Verbs != Read {
		t.Errorf("ro is read as %s", p.Scope.Verbs)
	}
}

// TestTokenPayload pins the names of the claims.
func TestTokenPayload(t *testing.T) {
	a, _ := newAuthority(t)
	token := issue(t, a, TokenRequest{Verbs: Read | Add, Project: 7, Root: 9})
	var got jwt.MapClaims
	_, _, err := jwt.NewParser().ParseUnverified(token, &got)
	must(t, err)
	want := map[string]any{"ops": []any{"read", "add"}, "prj": 7.0, "root": 9.0, "sub": "ada"}
	for name, v := range want {
		if !reflect.DeepEqual(got[name], v) {
			t.Errorf("%s is %v, want %v", name, got[name], v)
		}
	}
	if _, there := got["ro"]; there {
		t.Error("the token says ro, which was for tokens without verbs")
	}
}
