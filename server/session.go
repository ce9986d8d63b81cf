package server

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"granary/auth"
	"granary/namespace"
)

// The cookie of a web session. Browsers accept the first name only over https, from this host and for all of it, so that
// no neighbouring host can plant one (RFC 6265bis, cookie prefixes). The second is only for this machine, where nobody can
// listen on the way.
const (
	secureCookie   = securePrefix + loopbackCookie
	loopbackCookie = "granary"

	securePrefix = "__Host-"
)

// sessionCookie returns the name of the session's cookie for requests that come in like r, or "" if they cannot have one: over
// plain http from another machine.
func (s *Server) sessionCookie(r *http.Request) string {
	switch {
	case strings.HasPrefix(s.base(r), "https:"):
		return secureCookie
	// If the public URL is on this machine, requests may come in by way of a container's network.
	case isLoopbackHost(r.Host) && (s.publicHere || isLoopback(clientHost(r))):
		return loopbackCookie
	}
	return ""
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// sessionSecret returns the secret of the session in r's cookie, "" without one.
func (s *Server) sessionSecret(r *http.Request) string {
	if len(r.Header["Cookie"]) == 0 {
		return ""
	}
	name := s.sessionCookie(r)
	if name == "" {
		return ""
	}
	cookies := r.CookiesNamed(name)
	if len(cookies) != 1 { // two can only come from somebody who planted one
		return ""
	}
	return cookies[0].Value
}

// signedIn makes c a call of the user of the web session, if there is one. A change must come from a page of this server, since
// only that can add the header.
func (c *call) signedIn() (bool, error) {
	secret := c.server.sessionSecret(c.r)
	if secret == "" {
		return false, nil
	}
	if c.changes() {
		if err := checkForged(c.r); err != nil {
			return false, err
		}
		if c.r.Header.Get(forgeryHeader) == "" {
			return false, &namespace.Error{
				Op: "authenticate", Kind: namespace.InvalidArgument,
				Msg: "A change by who is signed in with a cookie must have the header " + forgeryHeader + ", with any value",
			}
		}
	}
	p, err := c.server.auth.Session(c.ctx, secret)
	if err != nil {
		return false, dressed(err, unauthenticated, invalidChallenge)
	}
	c.principal = p
	return true, nil
}

// overheard says why nobody can sign in over plain http.
const overheard = "Signing in needs https, or a browser on this machine: over plain http it could be overheard. Behind a proxy, start the server with --public-url."

// signIn begins a session if password is user's, and sets its cookie.
func (x *exchange) signIn(user string, password auth.Password) (auth.Token, error) {
	name := x.server.sessionCookie(x.r)
	if name == "" {
		return auth.Token{}, &denial{
			face: faces[namespace.AccessControl],
			msg:  overheard,
		}
	}
	if err := checkForged(x.r); err != nil { // otherwise a page of another site could sign its visitors in as somebody else
		return auth.Token{}, err
	}
	secret, session, err := x.server.auth.Login(x.r.Context(), user, password, x.origin())
	if err != nil {
		x.refusedSignIn(user, err)
		return auth.Token{}, dressed(err, unauthenticated, "")
	}
	x.setCookie(name, secret, auth.SessionLife)
	return session, nil
}

// signOut ends the session of the cookie, if there is one, and deletes the cookie.
func (c *call) signOut() error {
	name, secret := c.server.sessionCookie(c.r), c.server.sessionSecret(c.r)
	if secret == "" {
		return nil
	}
	if err := c.server.auth.Logout(c.ctx, secret); err != nil {
		return err
	}
	c.dropCookie(name)
	return nil
}

// setCookie sets the cookie of a session or a login.
func (x *exchange) setCookie(name, value string, life time.Duration) {
	x.putCookie(http.Cookie{Name: name, Value: value, MaxAge: int(life.Seconds())})
}

// dropCookie deletes a cookie.
func (x *exchange) dropCookie(name string) { x.putCookie(http.Cookie{Name: name, MaxAge: -1}) }

func (x *exchange) putCookie(c http.Cookie) {
	c.Path, c.Secure, c.HttpOnly, c.SameSite = "/", strings.HasPrefix(c.Name, securePrefix), true, http.SameSiteLaxMode
	http.SetCookie(x.w, &c)
}

// refusedSignIn writes to the audit that user was refused, if that is what err says. An attempt that is throttled is not one:
// its password was not checked.
func (x *exchange) refusedSignIn(user string, err error) {
	var e *auth.Error
	if errors.As(err, &e) && (e.Kind == auth.WrongPassword || e.Kind == auth.Disabled) {
		x.server.fs.RefusedSignIn(user, x.client, e.Msg)
	}
}

// origin returns where the request comes from, by which password guessing is throttled.
func (x *exchange) origin() auth.Origin {
	return auth.Origin{Address: x.client, Agent: x.r.UserAgent()}
}
