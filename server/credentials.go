package server

import (
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"granary/auth"
	"granary/namespace"
)

// staticUser is the caller of a request without a user name under simple authentication (HDFS's
// hadoop.http.staticuser.user).
const staticUser = "dr.who"

// groupInformation is the prefix of HDFS's messages when it cannot identify the caller.
const groupInformation = "Failed to obtain user group information: "

// userName is the pattern of user names in HDFS (dfs.webhdfs.user.provider.user.pattern).
var userName = regexp.MustCompile(auth.DefaultNamePattern)

// authenticate sets c's principal from the request's credential.
//
// Where tokens are required, one may come as Authorization: Bearer, as the password of Authorization: Basic, as the delegation
// parameter, in the header that HttpFS's clients send instead, or as a cookie. The same token sent several times is one token;
// two different ones are refused rather than ranked. A user.name beside a token is not a credential, as Java's client always
// sends it. The cookie of a web session counts only if no token comes outside of a cookie: browsers add cookies by themselves,
// while such a token is sent on purpose. A session outranks a token in a cookie, even if the session has ended: any neighbour
// in the same domain, not only a gateway, can set the token's cookie but not the session's (see secureCookie). The ticket of a
// redirect counts only on the data hop, and only if there is no other credential.
//
// Under simple authentication user.name is believed and tokens are ignored, as in HDFS with its security off.
func (c *call) authenticate() error {
	var err error
	if c.server.simple {
		err = c.believe()
	} else {
		err = c.verify()
	}
	if err == nil {
		err = c.checkProxy()
	}
	if err != nil {
		return err
	}
	c.user, c.caller = c.principal.User, c.principal.User
	c.ctx = auth.Acting(c.ctx, auth.By{User: c.principal.User, Credential: c.principal.Credential, Client: c.client})
	// A doas that names the caller is allowed, since some clients send it.
	if other := c.query.get("doas"); other != "" && other != c.principal.User {
		return c.impersonate(other)
	}
	return nil
}

// believe takes the caller's word for its name.
func (c *call) believe() error {
	if err := checkBrowser(c.r); err != nil {
		return err
	}
	name := c.query.get("user.name")
	if name == "" {
		name = believedCookie(c.r)
	}
	if name == "" {
		name = staticUser
	}
	if !userName.MatchString(name) {
		return invalid("user.name", outside(name, userName.String()))
	}
	p, err := c.server.auth.Simple(c.ctx, name)
	if err != nil {
		return dressed(err, unauthenticated, "")
	}
	c.principal = p
	return nil
}

// hadoopAuth is the cookie of Hadoop's authentication filter, which HttpFS's Java client gets for its user name and then sends
// in place of the name. It is not signed, since names are believed here.
const hadoopAuth = "hadoop.auth"

// believedCookie returns the name in the cookie, "" without one. Values are "u=name&p=principal&…" in quotes.
func believedCookie(r *http.Request) string {
	cookie, err := r.Cookie(hadoopAuth)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(cookie.Value, "&")
	name, ok := strings.CutPrefix(name, "u=")
	if !ok {
		return ""
	}
	return name
}

// rememberBeliever sets the cookie. As in Hadoop it holds the caller's own name: a proxy user says with each request for whom
// it acts.
func (c *call) rememberBeliever() {
	const remembered = 10 * time.Hour // as long as Hadoop's
	name, ends := c.caller, time.Now().Add(remembered).UnixMilli()
	http.SetCookie(c.w, &http.Cookie{
		Name: hadoopAuth, Value: "u=" + name + "&p=" + name + "&t=simple&e=" + strconv.FormatInt(ends, 10), Quoted: true,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// browsers matches the user agents that HDFS takes for browsers (dfs.webhdfs.rest-csrf.browser-useragents-regex).
var browsers = regexp.MustCompile(`^(Mozilla|Opera)`)

// crossOrigin detects changes that are requested by a page of another site.
var crossOrigin = http.NewCrossOriginProtection()

// checkBrowser refuses requests that a web page of another site makes a browser on this machine send. Where names are believed,
// such a page needs no secret, so it could do anything: change files by a form, or read them under a host name of its own that
// resolves to the loopback address. Of the methods that change something, a browser sends only POST without a preflight request,
// and this server never agrees to one.
func checkBrowser(r *http.Request) error {
	if r.Method == http.MethodPost && crossOrigin.Check(r) != nil {
		return &denial{
			face: faces[namespace.AccessControl], msg: "Permission denied: a page of another site asked for this; use one of this server",
		}
	}
	if browsers.MatchString(r.UserAgent()) && !isLoopbackHost(r.Host) {
		return &denial{
			face: faces[namespace.AccessControl], msg: "Permission denied: a browser must call this server localhost, not " + printable(r.Host),
		}
	}
	return nil
}

// isLoopbackHost reports whether a Host header names this machine by a name that no other site can have.
func isLoopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && address.IsLoopback()
}

// jwtCookie is the cookie in which gateways put their clients' tokens (Hadoop's JWTRedirectAuthenticationHandler).
const jwtCookie = "hadoop-jwt"

// verify requires a token, a web session or, on the data hop, a ticket.
func (c *call) verify() error {
	header, err := headerToken(c.r)
	if err != nil {
		return err
	}
	delegation := auth.TokenOf(c.query.get("delegation"))
	if other := auth.TokenOf(c.r.Header.Get(delegationHeader)); delegation == "" {
		delegation = other
	} else if differ(delegation, other) {
		return twoTokens()
	}
	if header == "" && delegation == "" {
		if signedIn, err := c.signedIn(); signedIn || err != nil {
			return err
		}
	}
	cookie, err := cookieToken(c.r)
	if err != nil {
		return err
	}
	switch {
	case differ(header, delegation) || differ(header, cookie) || differ(delegation, cookie):
		return twoTokens()
	case header != "":
		return c.admit(header, unauthenticated, invalidChallenge)
	case delegation != "":
		return c.admit(delegation, invalidToken, "")
	case cookie != "":
		if c.changes() {
			if err := checkForged(c.r); err != nil {
				return err
			}
		}
		return c.admit(cookie, unauthenticated, invalidChallenge)
	}
	if ticket := c.query.get("ticket"); ticket != "" && c.hadoop && c.data && c.op != nil { // under /api, the path is not known yet
		p, err := c.server.auth.VerifyTicket(c.ctx, ticket, c.op.Name, c.path.String(), c.bound(c.file())...)
		if err != nil {
			return dressed(err, invalidToken, "")
		}
		if other := c.query.get("doas"); other != "" && other != p.User { // a proxy's ticket is already for the user that it acts for
			return c.mayNot(p.User, other)
		}
		c.principal = p
		return nil
	}
	return &denial{
		face: unauthenticated, challenge: bearerChallenge,
		msg: "Authentication required: send a token as Authorization: Bearer, as the password of Basic, as the delegation parameter, or as the cookie " + jwtCookie + "; or sign in",
	}
}

// delegationHeader is where HttpFS's clients put a delegation token (DelegationTokenAuthenticator.DELEGATION_TOKEN_HEADER).
const delegationHeader = "X-Hadoop-Delegation-Token"

func twoTokens() error {
	return &namespace.Error{
		Op: "authenticate", Kind: namespace.InvalidArgument,
		Msg: "The request has two different tokens, of the headers Authorization and " + delegationHeader +
			", the delegation parameter and the cookie " + jwtCookie + ": send one.",
	}
}

// Values of WWW-Authenticate for a request without a token, and for one whose token was refused.
const (
	bearerChallenge  = `Bearer realm="granary"`
	invalidChallenge = bearerChallenge + `, error="invalid_token"`
)

// differ reports whether two carriers hold two different tokens.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// admit makes c a call of the token's principal. refusal is the face of an invalid token.
func (c *call) admit(token string, refusal face, challenge string) error {
	p, _, err := c.server.auth.Verify(c.ctx, token)
	if err != nil {
		return dressed(err, refusal, challenge)
	}
	c.principal = p
	return nil
}

// cookieToken returns the token of the cookie, "" without one.
func cookieToken(r *http.Request) (string, error) {
	token := ""
	for _, cookie := range r.CookiesNamed(jwtCookie) {
		if differ(token, cookie.Value) {
			return "", &namespace.Error{
				Op: "authenticate", Kind: namespace.InvalidArgument, Msg: "The request has two different cookies " + jwtCookie + ": send one.",
			}
		}
		token = cookie.Value
	}
	return token, nil
}

// forgeryHeader is a header that a page of another site cannot make a browser send (dfs.webhdfs.rest-csrf.custom-header).
const forgeryHeader = "X-XSRF-HEADER"

// changes reports whether the request may change something: all but GET and HEAD do, and so does an operation that makes something
// by GET.
func (c *call) changes() bool {
	reads := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
	return !reads || c.op != nil && c.op.makes
}

// checkForged refuses a change that a page of another site may have requested, since a browser adds the cookie by itself. A
// browser must also send X-XSRF-HEADER, as to an HDFS with its protection on (RestCsrfPreventionFilter); no page of another
// site can make it send that without a preflight request.
func checkForged(r *http.Request) error {
	if crossOrigin.Check(r) != nil {
		return &denial{
			face: faces[namespace.AccessControl], msg: "Permission denied: a page of another site asked for this; use one of this server",
		}
	}
	if browsers.MatchString(r.UserAgent()) && r.Header.Get(forgeryHeader) == "" {
		return &namespace.Error{
			Op: "authenticate", Kind: namespace.InvalidArgument,
			Msg: "Missing Required Header for CSRF Vulnerability Protection: send " + forgeryHeader + " with any value, or the token as Authorization: Bearer",
		}
	}
	return nil
}

// headerToken returns the token of the Authorization header, "" without one.
func headerToken(r *http.Request) (string, error) {
	values := r.Header["Authorization"]
	if len(values) == 0 {
		return "", nil
	}
	refuse := func(msg string) (string, error) {
		return "", &denial{face: unauthenticated, challenge: bearerChallenge, msg: msg}
	}
	if len(values) > 1 {
		return refuse("The request has more than one Authorization header: send one.")
	}
	scheme, rest, _ := strings.Cut(values[0], " ")
	rest = strings.TrimSpace(rest)
	switch {
	case strings.EqualFold(scheme, "bearer"):
		if rest != "" {
			return rest, nil
		}
		return refuse("Authorization: Bearer lacks a token.")
	case strings.EqualFold(scheme, "basic"):
		pair, err := base64.StdEncoding.DecodeString(rest)
		if err != nil {
			return refuse("Authorization: Basic is not base64 of user:token.")
		}
		_, token, found := strings.Cut(string(pair), ":")
		if !found || token == "" {
			return refuse("Authorization: Basic must have a token as its password.")
		}
		return token, nil
	}
	return refuse("Authorization must be Bearer with a token, or Basic with a token as the password.")
}

// dressed gives a refusal of package auth its face. The messages of auth are meant for callers. A database that is away says
// nothing about the credential, so that error is returned as it is.
func dressed(err error, f face, challenge string) error {
	var e *auth.Error
	if !errors.As(err, &e) || e.Kind == auth.Unavailable || e.Kind == auth.Internal {
		return err
	}
	if e.Kind == auth.Throttled {
		return &denial{face: tooMany, msg: e.Msg, retry: e.Retry}
	}
	refused := &denial{face: f, msg: e.Msg, challenge: challenge}
	if f.class == invalidToken.class {
		// Java's client splits the text at its colons, throws the second class, and then asks for another token.
		refused.java = groupInformation + "org.apache.hadoop.security.token.SecretManager$InvalidToken: "
	}
	return refused
}
