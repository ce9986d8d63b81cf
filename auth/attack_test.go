package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// Known attacks on credentials of other systems, one test each. The last words of each comment name the defence without which
// the test fails.

// repelled demands that a forged token be refused, with any error.
func repelled(t *testing.T, a *Authority, token string) {
	t.Helper()
	if p, _, err := a.Verify(t.Context(), token); err == nil {
		t.Errorf("accepted as %+v", p)
	}
}

// CVE-2015-9235: "alg": "none". WithValidMethods.
func TestAttackUnsignedToken(t *testing.T) {
	a, _ := newAuthority(t)
	repelled(t, a, forge(t, a, func(f *forgery) { f.method, f.key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType }))
}

// CVE-2016-5431: the public key, which anybody can get, used as the secret of an HMAC. WithValidMethods.
func TestAttackPublicKeyAsSecret(t *testing.T) {
	a, _ := newAuthority(t)
	keys, err := a.PublicKeys(t.Context())
	must(t, err)
	repelled(t, a, forge(t, a, func(f *forgery) { f.method, f.key = jwt.SigningMethodHS256, []byte(keys[0].Key) }))
}

// CVE-2018-0114: a token that brings its own key. Keys are taken only from the table.
func TestAttackKeyInTheHeader(t *testing.T) {
	a, _ := newAuthority(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	own := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public), "kid": "mine"}
	for name, header := range map[string]map[string]any{
		"jwk":      {"jwk": own},
		"jku":      {"jku": "https://mallory.test/keys", "kid": "mine"},
		"x5u":      {"x5u": "https://mallory.test/cert", "kid": nil},
		"kid path": {"kid": "../../dev/null"},
		"kid SQL":  {"kid": "' OR true --"},
	} {
		t.Run(name, func(t *testing.T) {
			repelled(t, a, forge(t, a, func(f *forgery) {
				f.key = private
				for k, v := range header {
					f.header[k] = v
				}
			}))
		})
	}
}

// A token that never expires, which JWT parsers accept by default. WithExpirationRequired.
func TestAttackTokenWithoutAnEnd(t *testing.T) {
	a, _ := newAuthority(t)
	repelled(t, a, forge(t, a, func(f *forgery) { delete(f.claims, "exp") }))
}

// A session token, correctly signed, that claims a long life and so has no row by which it could be revoked. Claims.session.
func TestAttackLongLifeWithoutARow(t *testing.T) {
	a, _ := newAuthority(t)
	repelled(t, a, forge(t, a, func(f *forgery) { f.claims["exp"] = a.cfg.Now().Add(24 * time.Hour).Unix() }))
}

// A token of another service that trusts the same keys. WithAudience, WithIssuer.
func TestAttackTokenOfAnotherService(t *testing.T) {
	a, _ := newAuthority(t)
	for claim, other := range map[string]any{"aud": "barn", "iss": "https://barn.test"} {
		repelled(t, a, forge(t, a, func(f *forgery) { f.claims[claim] = other }))
		repelled(t, a, forge(t, a, func(f *forgery) { delete(f.claims, claim) }))
	}
}

// RFC 8725 §2.8: one kind of JWT used in place of another. Explicit typ.
func TestAttackAnotherKindOfJWT(t *testing.T) {
	a, _ := newAuthority(t)
	for _, typ := range []any{"JWT", "at+jwt", "logout+jwt", nil} {
		repelled(t, a, forge(t, a, func(f *forgery) { f.header["typ"] = typ }))
	}
}

// RFC 7515 §4.1.11: an extension that changes what is signed. An unknown crit is refused.
func TestAttackCriticalExtension(t *testing.T) {
	a, _ := newAuthority(t)
	repelled(t, a, forge(t, a, func(f *forgery) { f.header["crit"], f.header["b64"] = []string{"b64"}, false }))
}

// Another spelling of a revoked token, which a list of hashes would not match. WithStrictDecoding; also, revocation is by id.
func TestAttackOtherSpellings(t *testing.T) {
	a, _ := newAuthority(t)
	good := issue(t, a, TokenRequest{})
	accepted := 0
	for _, last := range secretAlphabet + "-_" {
		if _, _, err := a.Verify(t.Context(), good[:len(good)-1]+string(last)); err == nil {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d spellings are accepted", accepted)
	}
	for _, spelling := range []string{good + "=", good + "\n", "\n" + good, good[:30] + "\r\n" + good[30:]} {
		repelled(t, a, spelling)
	}
}

// A token of a megabyte, which would be decoded and hashed. maxToken is checked first.
func TestAttackHugeToken(t *testing.T) {
	a, _ := newAuthority(t)
	huge := forge(t, a, func(f *forgery) { f.claims["colour"] = strings.Repeat("x", maxToken) })
	_, _, err := a.Verify(t.Context(), huge)
	refused(t, err, Malformed)
	_, err = a.openTicket(t.Context(), strings.Repeat("A", maxTicket+4), Ticket{})
	refused(t, err, Malformed)
}

// A delegation that announces two gigabytes, for a decoder that believes the lengths it reads. cutHadoopText.
func TestAttackDelegationBomb(t *testing.T) {
	for _, envelope := range [][]byte{{0x8c, 0x7f, 0xff, 0xff, 0xff}, {0x8c, 0xff, 0xff, 0xff, 0xff, 1}, {0x88, 1, 1, 1, 1, 1, 1, 1, 1}} {
		text := base64.RawURLEncoding.EncodeToString(envelope)
		if allocated := testing.AllocsPerRun(1, func() {
			if got := TokenOf(text); got != text {
				t.Errorf("%x is read as %q", envelope, got)
			}
		}); allocated > 20 {
			t.Errorf("%x costs %v allocations", envelope, allocated)
		}
	}
}

// A new account under the name of a deleted one inherits the tokens of the old. The token also holds the id of the user's row.
func TestAttackNameMadeAnew(t *testing.T) {
	a, h := newAuthority(t)
	token := issue(t, a, TokenRequest{})
	ticket := func() string {
		p, _ := verify(t, a, token)
		return a.Ticket(p, Ticket{Op: "OPEN", Path: "/f"})
	}()
	h.exec(`DELETE FROM users WHERE name = 'ada'`)
	must(t, a.AddUser(t.Context(), User{Name: "ada"}))
	repelled(t, a, token)
	if _, err := a.VerifyTicket(t.Context(), ticket, "OPEN", "/f"); err == nil {
		t.Error("the ticket is accepted")
	}
}

// A ticket for one request used for another. The MAC covers operation, path and parameters.
func TestAttackTicketForAnotherOperation(t *testing.T) {
	a, _ := newAuthority(t)
	p, _ := verify(t, a, issue(t, a, TokenRequest{}))
	ticket := a.Ticket(p, Ticket{Op: "OPEN", Path: "/a", Params: []string{"overwrite=false"}})
	for _, other := range []Ticket{
		{Op: "CREATE", Path: "/a", Params: []string{"overwrite=false"}},
		{Op: "OPEN", Path: "/a/b", Params: []string{"overwrite=false"}},
		{Op: "OPEN", Path: "/a", Params: []string{"overwrite=true"}},
		{Op: "OPEN", Path: "/a"},
		{Op: "OPEN/a", Path: "", Params: []string{"overwrite=false"}},
	} {
		if _, err := a.VerifyTicket(t.Context(), ticket, other.Op, other.Path, other.Params...); err == nil {
			t.Errorf("accepted for %+v", other)
		}
	}
	repelled(t, a, ticket)
}

// Somebody who reads the database, or a backup of it, signs in with what they find. It holds only hashes and sealed keys.
func TestAttackStolenDatabase(t *testing.T) {
	a, h := newSessions(t)
	issue(t, a, TokenRequest{Personal: true})
	login(t, a)
	rows, err := h.db.Query(t.Context(), `SELECT secret FROM tokens`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var sum []byte
		must(t, rows.Scan(&sum))
		for _, text := range []string{string(sum), hex.EncodeToString(sum), base64.RawURLEncoding.EncodeToString(sum)} {
			repelled(t, a, text)
			repelled(t, a, personalPrefix+text)
			if _, err := a.Session(t.Context(), sessionPrefix+text); err == nil {
				t.Error("a hash is a session")
			}
		}
	}
	must(t, rows.Err())
	var password string
	must(t, h.db.QueryRow(t.Context(), `SELECT password FROM users WHERE name = 'ada'`).Scan(&password))
	_, _, err = a.Login(t.Context(), "ada", Password(password), Origin{})
	refused(t, err, WrongPassword)
}

// Somebody who can write to the database, but lacks the root key, plants a signing key. Sealed keys are bound to their rows.
func TestAttackPlantedKey(t *testing.T) {
	a, h := newAuthority(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	h.exec(`INSERT INTO signing_keys (kid, purpose, public, sealed, retires) SELECT '0123456789abcdef', 'token', $1, sealed, $2 FROM signing_keys WHERE purpose = 'token'`,
		[]byte(public), h.clock.now().Add(time.Hour))
	h.clock.advance(keysFor)
	repelled(t, a, forge(t, a, func(f *forgery) { f.key, f.header["kid"] = private, "0123456789abcdef" }))
}

// A token with few rights asks for one with more. Scope.Within; also, the new token ends, and is revoked, with the old one.
func TestAttackWiderToken(t *testing.T) {
	a, h := newService(t)
	by, _ := verify(t, a, issue(t, a, TokenRequest{Project: 7, Verbs: Read | Manage, Personal: true, TTL: time.Hour}))
	for _, r := range []TokenRequest{{}, {Project: 7}, {Project: 8, Verbs: Read}, {Project: 7, Verbs: Write}} {
		r.User, r.By = "ada", by
		if _, err := a.Issue(t.Context(), r); err == nil {
			t.Errorf("%+v was given out", r)
		}
	}
	text, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Project: 7, Verbs: Read, Personal: true, By: by})
	must(t, err)
	if made.Expires.After(h.clock.now().Add(time.Hour)) {
		t.Errorf("it outlives what it was asked for with, until %v", made.Expires)
	}
	must(t, a.RevokeToken(t.Context(), by.Token))
	repelled(t, a, text)
}

// Session fixation: the attacker chooses the victim's session in advance. The server chooses a new id at each login.
func TestAttackFixedSession(t *testing.T) {
	a, _ := newSessions(t)
	first, _ := login(t, a)
	second, _ := login(t, a)
	if first == second {
		t.Error("two logins have one session")
	}
	planted := sessionPrefix + strings.Repeat("A", secretDigits)
	if _, err := a.Session(t.Context(), planted); KindOf(err) != Revoked {
		t.Errorf("a planted session: %v", err)
	}
}

// Thousands of passwords tried on one account. The delay grows.
func TestAttackPasswordGuessing(t *testing.T) {
	a, h := newSessions(t)
	begun, compared := h.clock.now(), 0
	const most = 20
	for h.clock.now().Sub(begun) < time.Hour && compared <= most {
		if KindOf(fail(t, a, 1, "ada", "192.0.2.1")) == WrongPassword {
			compared++
			continue
		}
		h.clock.advance(time.Second)
	}
	if compared > most {
		t.Errorf("more than %d passwords were tried within an hour", most)
	}
}

// One password tried on many accounts. Each address has a limit of its own.
func TestAttackPasswordSpraying(t *testing.T) {
	a, _ := newSessions(t)
	compared := 0
	for range 2 * freeAddress {
		if KindOf(fail(t, a, 1, uuid.NewString(), "192.0.2.1")) == WrongPassword {
			compared++
		}
	}
	if compared > freeAddress {
		t.Errorf("%d accounts were tried from one address", compared)
	}
}

// Finding out which user names exist. Messages, work and delays are the same whether a name exists or not.
func TestAttackUserEnumeration(t *testing.T) {
	a, _ := newSessions(t)
	must(t, a.AddUser(t.Context(), User{Name: "bob"}))
	want := fail(t, a, 1, "ada", "192.0.2.1").Error()
	for _, user := range []string{"bob", "eve", "", "\x00", strings.Repeat("x", 5000)} {
		if got := fail(t, a, 1, user, "192.0.2.2").Error(); got != want {
			t.Errorf("%.10q: %q, for a user with a password %q", user, got, want)
		}
	}
}

// A thousand logins at once, each of which takes 19 MiB. Only a few are computed at a time, and a caller that waits can give up.
func TestAttackPasswordFlood(t *testing.T) {
	a, _ := newSessions(t)
	for range cap(a.passwords.slots) {
		a.passwords.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.passwords.matches(ctx, password, a.passwords.dummy)
	if KindOf(err) != Unavailable {
		t.Errorf("with all slots taken: %v", err)
	}
	for range cap(a.passwords.slots) {
		<-a.passwords.slots
	}
	login(t, a)
}

// A link used for more than its file. A link is not a token, and its principal can read only one inode.
func TestAttackLinkAsAToken(t *testing.T) {
	a, _ := newAuthority(t)
	by, _ := verify(t, a, issue(t, a, TokenRequest{}))
	secret, _, err := a.MakeLink(t.Context(), by, LinkRequest{Inode: 70})
	must(t, err)
	repelled(t, a, secret)
	repelled(t, a, personalPrefix+secret[len(linkPrefix):])
	p, _, err := a.UseLink(t.Context(), secret, "", Origin{})
	must(t, err)
	if p.Scope != (Scope{Root: 70, Verbs: Read}) {
		t.Errorf("it is limited to %+v", p.Scope)
	}
	if _, _, err := a.Exchange(t.Context(), "ada", secret, Origin{}); KindOf(err) != WrongPassword {
		t.Errorf("the token endpoint: %v", err)
	}
}

// A signing key that leaked. Rotation without overlap ends everything that it signed, even what is cached as verified.
func TestAttackLeakedKey(t *testing.T) {
	a, _ := newAuthority(t)
	token := issue(t, a, TokenRequest{})
	p, _ := verify(t, a, token)
	ticket := a.Ticket(p, Ticket{Op: "OPEN", Path: "/f"})
	must(t, a.Rotate(t.Context(), 0))
	repelled(t, a, token)
	if _, err := a.VerifyTicket(t.Context(), ticket, "OPEN", "/f"); err == nil {
		t.Error("the ticket is accepted")
	}
}

// A row whose secret was replaced by one that only begins alike. The whole SHA-256 is compared.
func TestAttackShortenedSecret(t *testing.T) {
	a, h := newAuthority(t)
	text := issue(t, a, TokenRequest{Personal: true})
	sum := sha256.Sum256([]byte(text))
	h.exec(`UPDATE tokens SET secret = $1`, sum[:31])
	repelled(t, a, text)
}

// The owner of a project makes a service account with the name of a person who has yet to come, and so takes the name, and the
// rights that ACLs already give to it. AddService.
func TestAttackServiceTakesAPersonsName(t *testing.T) {
	a, _ := newService(t)
	for _, name := range []string{"carol", "svc", ServicePrefix, "SVC-carol", "my-svc-carol"} {
		refused(t, a.AddService(t.Context(), name, 7), InvalidName)
	}
	must(t, a.AddUser(t.Context(), User{Name: "carol"}))
}

// A service account with the name of the superuser, who needs no row, or whose name becomes that of the superuser later.
// AddService; also, a service account is never the superuser.
func TestAttackServiceCalledAsTheSuperuser(t *testing.T) {
	a, h := newService(t, superuser("svc-boss1"))
	for _, name := range []string{"svc-boss1", "svc-bossl"} {
		refused(t, a.AddService(t.Context(), name, 7), Exists)
	}
	later := h.server(superuser("svc-robot"))
	p, err := later.Principal(t.Context(), "svc-robot")
	must(t, err)
	robot, err := later.User(t.Context(), "svc-robot")
	must(t, err)
	if p.Superuser || !p.Service || later.Superuser(robot) {
		t.Errorf("a service account called as the superuser: %+v", p)
	}
}
