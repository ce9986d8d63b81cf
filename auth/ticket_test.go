package auth

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

var openFile = Ticket{Op: "OPEN", Path: "/Projects/vision/a b.csv"}

func TestTicket(t *testing.T) {
	a, h := newAuthority(t, simple)
	for _, r := range []TokenRequest{
		{},
		{Project: 7, Root: 1 << 40, Verbs: Read},
		{Project: 7, TTL: 30 * 24 * time.Hour},
	} {
		p, _ := verify(t, a, issue(t, a, r))
		ticket := a.Ticket(p, openFile)
		for range 2 { // re-usable
			got, err := h.server().VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
			must(t, err)
			if !samePrincipal(got, p) {
				t.Errorf("%+v: %+v; want %+v", r, got, p)
			}
		}
		if len(ticket) > 90 || strings.Trim(ticket, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%+v: %q is long or needs escaping in a query", r, ticket)
		}
	}
}

func TestTicketIsBound(t *testing.T) {
	a, _ := newAuthority(t)
	p, _ := verify(t, a, issue(t, a, TokenRequest{}))
	create := Ticket{Op: "CREATE", Path: "/a/b", Params: []string{"overwrite=false", "x"}}
	ticket := a.Ticket(p, create)
	check := func(op, path string, params ...string) error {
		_, err := a.VerifyTicket(t.Context(), ticket, op, path, params...)
		return err
	}
	must(t, check("CREATE", "/a/b", "overwrite=false", "x"))
	for name, err := range map[string]error{
		"other op":              check("APPEND", "/a/b", "overwrite=false", "x"),
		"other path":            check("CREATE", "/a/c", "overwrite=false", "x"),
		"path begins alike":     check("CREATE", "/a/b/c", "overwrite=false", "x"),
		"boundary moved":        check("CREATE/", "a/b", "overwrite=false", "x"),
		"other parameter":       check("CREATE", "/a/b", "overwrite=true", "x"),
		"parameter left out":    check("CREATE", "/a/b", "overwrite=false"),
		"parameter added":       check("CREATE", "/a/b", "overwrite=false", "x", ""),
		"parameters exchanged":  check("CREATE", "/a/b", "x", "overwrite=false"),
		"parameters run into 1": check("CREATE", "/a/b", "overwrite=falsex"),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, Signature, ticket) })
	}
}

func TestTicketRefusesBadText(t *testing.T) {
	a, h := newAuthority(t)
	token := issue(t, a, TokenRequest{Project: 3, TTL: 2 * SessionTTL})
	p, _ := verify(t, a, token)
	good := a.Ticket(p, openFile)
	check := func(text string) error {
		_, err := a.VerifyTicket(t.Context(), text, openFile.Op, openFile.Path)
		return err
	}
	must(t, check(good))
	for name, tt := range map[string]struct {
		text string
		want Kind
	}{
		"nothing":           {"", Missing},
		"too long":          {good + strings.Repeat("A", maxTicket), Malformed},
		"next version":      {"Ag" + good[2:], Malformed},
		"cut":               {good[:20], Malformed},
		"token":             {token, Malformed},
		"padded":            {good + "=", Malformed},
		"line break":        {good[:5] + "\n" + good[5:], Malformed},
		"another house's":   {newForeignTicket(t, h), Signature},
		"standard alphabet": {strings.Repeat("+/", 40), Malformed},
	} {
		t.Run(name, func(t *testing.T) { refused(t, check(tt.text), tt.want, tt.text) })
	}

	raw, err := base64.RawURLEncoding.DecodeString(good)
	must(t, err)
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			if check(base64.RawURLEncoding.EncodeToString(raw)) == nil {
				t.Errorf("accepted with bit %d of byte %d changed", bit, i)
			}
			raw[i] ^= 1 << bit
		}
	}
	for i := range raw {
		if check(base64.RawURLEncoding.EncodeToString(raw[:i])) == nil {
			t.Errorf("accepted after %d bytes", i)
		}
	}
	_, _, err = a.Verify(t.Context(), good)
	refused(t, err, Malformed, good) // a ticket is no token
}

// newForeignTicket returns a ticket for the same user, operation and path, made by an installation of its own.
func newForeignTicket(t *testing.T, h *house) string {
	t.Helper()
	foreign, _ := newAuthority(t, func(c *Config) { c.Now = h.clock.now })
	p, _ := verify(t, foreign, issue(t, foreign, TokenRequest{}))
	return foreign.Ticket(p, openFile)
}

// TestTicketHasOneSpelling changes the last character, which carries bits that must be zero, of tickets of each length
// that matters.
func TestTicketHasOneSpelling(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	a := newOffline()
	for _, user := range []string{"a", "ab", "abc"} {
		good := a.Ticket(Principal{User: user}, openFile)
		accepted := 0
		for _, last := range alphabet {
			if _, err := a.openTicket(t.Context(), good[:len(good)-1]+string(last), openFile); err == nil {
				accepted++
			}
		}
		if accepted != 1 {
			t.Errorf("%d spellings of %s's ticket accepted; want 1", accepted, user)
		}
	}
}

func TestParseTicket(t *testing.T) {
	// flags, expires, user id, name, project, root
	body := []byte{flagRead, 1, 1, 1, 'a', 0, 0}
	if p, end, ok := parseTicket(body); !ok || p.User != "a" || p.Scope.Verbs != Read || end.Unix() != 1 {
		t.Fatalf("%+v, %v, %v", p, end, ok)
	}
	for name, bad := range map[string][]byte{
		"nothing":         {},
		"something after": append(body, 0),
		"token cut short": {flagToken, 1, 1, 1, 'a', 0, 0, 1, 2, 3},
		"name cut short":  {0, 1, 1, 200},
		"negative id":     {0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 'a', 0, 0},
		"endless number":  {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	} {
		if p, _, ok := parseTicket(bad); ok {
			t.Errorf("%s: accepted as %+v", name, p)
		}
	}
}

func TestTicketLife(t *testing.T) {
	const life = 10 * time.Minute
	a, h := newAuthority(t)
	for name, tt := range map[string]struct {
		expires time.Duration // of the ticket; 0: not set
		want    time.Duration
	}{
		"its token's":      {0, life},
		"a shorter one":    {time.Minute, time.Minute},
		"never a longer":   {time.Hour, life},
		"already finished": {-leeway, -leeway},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := verify(t, a, issue(t, a, TokenRequest{TTL: life}))
			bound := openFile
			if tt.expires != 0 {
				bound.Expires = h.clock.now().Add(tt.expires)
			}
			ticket := a.Ticket(p, bound)
			check := func() (Principal, error) {
				return a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
			}
			if tt.want+leeway > 0 {
				h.clock.advance(tt.want + leeway - time.Second)
				again, err := check()
				must(t, err)
				h.clock.advance(time.Second)
				// A ticket made from a ticket ends with it.
				_, err = a.VerifyTicket(t.Context(), a.Ticket(again, openFile), openFile.Op, openFile.Path)
				refused(t, err, Expired, ticket)
			}
			_, err := check()
			refused(t, err, Expired, ticket)
		})
	}
}

func TestTicketDiesWithWhatItRestsOn(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	p, c := verify(t, a, issue(t, a, TokenRequest{TTL: 48 * time.Hour}))
	session, _ := verify(t, a, issue(t, a, TokenRequest{}))
	long, short := a.Ticket(p, openFile), a.Ticket(session, openFile)
	check := func(ticket string) (Principal, error) {
		return a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	}

	must(t, other.SetGroups(t.Context(), "ada", []string{Supergroup}))
	live, err := check(long)
	must(t, err)
	if !live.Superuser || live.Epoch != p.Epoch+1 {
		t.Errorf("rights were not found anew: %+v", live)
	}

	must(t, other.RevokeToken(t.Context(), c.ID))
	_, err = check(long)
	refused(t, err, Revoked, long)
	must(t, second(check(short)))

	must(t, other.Disable(t.Context(), "ada"))
	_, err = check(short)
	refused(t, err, Disabled, short)
}

func TestTicketOfBelievedName(t *testing.T) {
	a, h := newAuthority(t, simple, superuser("hdfs"))
	for _, name := range []string{"ada", "hdfs", "bob"} { // with a row, superuser, neither
		p, err := a.Simple(t.Context(), name)
		must(t, err)
		ticket := a.Ticket(p, openFile)
		got, err := a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
		must(t, err)
		if !samePrincipal(got, p) {
			t.Errorf("%s: %+v; want %+v", name, got, p)
		}
		_, err = h.server().VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
		refused(t, err, NotBelieved, ticket)
	}

	p, err := a.Simple(t.Context(), "bob")
	must(t, err)
	ticket := a.Ticket(p, openFile)
	h.clock.advance(believedFor + leeway - time.Second)
	must(t, second(a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)))
	must(t, a.AddUser(t.Context(), User{Name: "bob", Groups: []string{"crew"}}))
	got, err := a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	must(t, err)
	if got.UserID == 0 || len(got.Groups) != 1 {
		t.Errorf("the row bob got is not seen: %+v", got)
	}
	h.clock.advance(time.Second)
	_, err = a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	refused(t, err, Expired, ticket)
}
