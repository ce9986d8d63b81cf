package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	// believedFor is the life of a ticket that rests on a believed name.
	believedFor = 24 * time.Hour

	ticketVersion = 1
	ticketMAC     = 16                  // bytes of the MAC that are kept: 2¹²⁸ guesses, each a request
	ticketHead    = 1 + kidSize         // version, key
	maxTicket     = 1 << 10             // bytes of a ticket's text
	ticketDomain  = "granary/ticket/v1" // begins what is authenticated, so that nothing else made with the key passes for it
)

// The facts in a ticket's flags byte. The verbs are those of the scope; none set means all.
const (
	flagRead     = 1 << iota
	flagToken    // a token's id follows
	flagBelieved // no token: a name believed under simple authentication
	flagAdd
	flagWrite
	flagManage
	flagSession // the id of a session token follows, which only the audit needs
	flagActed   // a proxy acts for the principal; it is the last of the byte
)

// verbFlags are the flags of the verbs.
var verbFlags = [...]struct {
	verb Verbs
	flag byte
}{{Read, flagRead}, {Add, flagAdd}, {Write, flagWrite}, {Manage, flagManage}}

// Ticket is what a redirect carries in its query instead of the caller's credential: the right to do Op on Path as the
// principal it was made for, as often as wanted (clients resend, and append in many requests to one address), as long
// as the principal's token lives. Rights are not in it; they are found anew at each use.
//
// Its text is base64url without padding of
//
//	version (1 byte: 1) | key (8) | flags (1) | expires (uvarint, seconds since 1970) | user id (uvarint)
//	| user name (uvarint length, bytes) | project (uvarint) | root (uvarint) | token id (16, if either of the two flags is set) | MAC (16)
//
// where MAC is HMAC-SHA256, cut to 16 bytes, over the domain, everything before the MAC, op, path and the parameters,
// each but the domain preceded by its length. Op, path and parameters are in the address already and so are
// authenticated but not repeated.
//
// It is a MAC and no JWT because nobody but our own servers, which share the key anyway, ever checks one: it takes a
// microsecond instead of the hundred that Ed25519 takes, at each of the two hops of every read and write, and about 70
// characters instead of 400 in an address.
type Ticket struct {
	Op   string // the operation's canonical name, such as "OPEN"
	Path string // the canonical text of the path
	// Params is whatever else of the address must stay as the first hop wrote it, such as the value of overwrite, in an
	// order of the caller's. What clients add or change on their own, as an OPEN's offset, does not belong here.
	Params []string
	// Expires ends the ticket before its principal's token does; zero: with the token, or after 24 hours if there is
	// none. A later time than the token's changes nothing.
	Expires time.Time
}

// Ticket returns the text of t for p, a principal from Verify, VerifyTicket, Simple or Refresh. A ticket for one that
// was never authenticated, as Principal returns them, is refused like a believed name's unless Config.Simple is set.
func (a *Authority) Ticket(p Principal, t Ticket) string {
	end := p.Expires
	var flags byte
	if end.IsZero() {
		end = a.cfg.Now().Add(believedFor)
		flags |= flagBelieved
	}
	if !t.Expires.IsZero() {
		end = earliest(end, t.Expires)
	}
	for _, v := range verbFlags {
		if p.Scope.Verbs&v.verb != 0 {
			flags |= v.flag
		}
	}
	if p.Acted {
		flags |= flagActed
	}
	id := p.Token
	if id != uuid.Nil {
		flags |= flagToken
	} else if session, err := uuid.Parse(p.Credential); err == nil {
		id = session
		flags |= flagSession
	}

	// The age of the keys is not checked: whoever asks for a ticket was just verified with them, or Sweep reads them
	// again.
	k := a.keys.set.Load().newest[forTickets]
	b := make([]byte, 0, 128)
	b = append(b, ticketVersion)
	b, _ = hex.AppendDecode(b, []byte(k.kid))
	b = append(b, flags)
	b = binary.AppendUvarint(b, uint64(end.Unix()))
	b = binary.AppendUvarint(b, uint64(p.UserID))
	b = appendText(b, p.User)
	b = binary.AppendUvarint(b, uint64(p.Scope.Project))
	b = binary.AppendUvarint(b, uint64(p.Scope.Root))
	if id != uuid.Nil {
		b = append(b, id[:]...)
	}
	b = append(b, k.authenticate(b, t)...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// VerifyTicket returns the principal that ticket was made for, as live as Verify's, if it was made for this op on this
// path with these params and neither it nor what it rests on has ended.
func (a *Authority) VerifyTicket(ctx context.Context, ticket, op, path string, params ...string) (Principal, error) {
	p, err := a.openTicket(ctx, ticket, Ticket{Op: op, Path: path, Params: params})
	if err != nil {
		return Principal{}, err
	}
	var live Principal
	switch {
	case !p.Expires.IsZero():
		live, err = a.admit(ctx, identity{id: p.UserID, name: p.User, token: p.Token}, true)
	case !a.cfg.Simple: // made before the installation began to ask for tokens
		err = &Error{Kind: NotBelieved, Msg: "the ticket rests on a user name alone, which is not believed here: send a token"}
	default:
		live, err = a.believe(ctx, p.User, true)
	}
	if err != nil {
		return Principal{}, err
	}
	if live.Superuser && p.Acted {
		return Principal{}, nobodysToActFor(p.User)
	}
	a.use(live)
	live.Scope, live.Credential, live.Expires, live.Acted = p.Scope, p.Credential, p.Expires, p.Acted
	return live, nil
}

// openTicket returns the principal of a ticket that was made for t and has not expired, without what only rows can
// tell.
func (a *Authority) openTicket(ctx context.Context, ticket string, t Ticket) (Principal, error) {
	malformed := &Error{Kind: Malformed, Msg: "the ticket is not one of Granary's; repeat the request that gave it, and follow its redirect unchanged"}
	switch {
	case ticket == "":
		return Principal{}, &Error{Kind: Missing, Msg: "no ticket: follow the redirect of the first request"}
	case len(ticket) > maxTicket, strings.ContainsAny(ticket, lineBreaks):
		return Principal{}, malformed
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil || len(b) < ticketHead+ticketMAC || b[0] != ticketVersion {
		return Principal{}, malformed
	}
	body, mac := b[:len(b)-ticketMAC], b[len(b)-ticketMAC:]
	k, err := a.keys.find(ctx, forTickets, hex.EncodeToString(body[1:ticketHead]))
	if err != nil {
		return Principal{}, err
	}
	if !hmac.Equal(mac, k.authenticate(body, t)) {
		return Principal{}, &Error{Kind: Signature, Msg: "the ticket is not for this operation on this path, or was altered; repeat the request that gave it, and follow its redirect unchanged"}
	}
	p, end, ok := parseTicket(body[ticketHead:])
	if !ok {
		return Principal{}, malformed
	}
	return p, a.stillValid("ticket", end)
}

// parseTicket reads what follows a ticket's head, up to its MAC.
func parseTicket(b []byte) (p Principal, end time.Time, ok bool) {
	r := ticketReader{rest: b, ok: true}
	flags := r.byte()
	end = time.Unix(r.number(), 0)
	p.UserID = r.number()
	p.User = string(r.bytes(r.number()))
	p.Scope.Project = r.number()
	p.Scope.Root = r.number()
	if flags&(flagToken|flagSession) != 0 {
		var id uuid.UUID
		copy(id[:], r.bytes(int64(len(id))))
		p.Credential = id.String()
		if flags&flagToken != 0 {
			p.Token = id
		}
	}
	if !r.ok || len(r.rest) > 0 {
		return Principal{}, time.Time{}, false
	}
	for _, v := range verbFlags {
		if flags&v.flag != 0 {
			p.Scope.Verbs |= v.verb
		}
	}
	p.Acted = flags&flagActed != 0
	if flags&flagBelieved == 0 {
		p.Expires = end
	}
	return p, end, true
}

// ticketReader reads a ticket's fields in turn; ok becomes false, and everything read zero, once one is cut short.
type ticketReader struct {
	rest []byte
	ok   bool
}

func (r *ticketReader) byte() byte {
	if b := r.bytes(1); r.ok {
		return b[0]
	}
	return 0
}

func (r *ticketReader) bytes(n int64) []byte {
	if n > int64(len(r.rest)) {
		r.ok, r.rest = false, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// number reads a non-negative int64 that was written as a uvarint.
func (r *ticketReader) number() int64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > math.MaxInt64 {
		r.ok, r.rest = false, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int64(v)
}

// authenticate returns the MAC over a ticket's body and what t binds it to.
func (k *key) authenticate(body []byte, t Ticket) []byte {
	b := make([]byte, 0, 512)
	b = append(b, ticketDomain...)
	b = append(binary.AppendUvarint(b, uint64(len(body))), body...)
	b = appendText(b, t.Op)
	b = appendText(b, t.Path)
	for _, p := range t.Params {
		b = appendText(b, p)
	}
	h, ok := k.macs.Get().(hash.Hash)
	if !ok {
		h = hmac.New(sha256.New, k.mac)
	}
	defer k.macs.Put(h)
	h.Reset()
	h.Write(b)
	return h.Sum(b[:0])[:ticketMAC]
}

// appendText appends s to b, preceded by its length.
func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
