package server

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"granary/auth"
	"granary/namespace"
	"granary/server/oidc"
)

// The paths of a sign-in at an OpenID provider. A browser starts at the first, with return=<path> for where to go afterwards.
const (
	oidcLogin = "/login/oidc"
	// OIDCCallback is the path that the provider sends people back to. Register the public URL followed by it at the provider.
	OIDCCallback = "/login/oidc/callback"
)

// loginCookie is appended to the name of the session's cookie to name the cookie of a login under way. That cookie binds the
// login to the browser that began it, so that nobody can make others finish their own login, or finish that of others.
const loginCookie = "-login"

// maxReturn bounds the path to return to, in bytes.
const maxReturn = 2000

// signInRefused is the face of a sign-in that the provider or Granary refuses.
var signInRefused = face{
	http.StatusForbidden, "org.apache.hadoop.security.AccessControlException", http.StatusForbidden, "Sign-in refused",
}

// oidcQuery parses the query of a login, and returns it with the name of the cookie in which the login is kept.
func (x *exchange) oidcQuery() (q query, cookie string, err error) {
	x.page = true
	if x.server.oidc == nil {
		return nil, "", &denial{face: noSuchRoute, msg: "Nobody signs in with OpenID Connect here: the server was started without --oidc-issuer."}
	}
	_, raw := splitTarget(x.r)
	if q, err = parseQuery(raw); err != nil {
		return nil, "", err
	}
	if name := q.twice(); name != "" {
		return nil, "", badLogin("The parameter %s is there twice.", printable(name))
	}
	name := x.server.sessionCookie(x.r)
	if name == "" {
		return nil, "", &denial{face: faces[namespace.AccessControl], msg: overheard}
	}
	return q, name + loginCookie, nil
}

func badLogin(format string, args ...any) error {
	return &namespace.Error{Op: "sign in", Kind: namespace.InvalidArgument, Msg: fmt.Sprintf(format, args...)}
}

// beginLogin redirects a browser to the provider.
func (x *exchange) beginLogin() error {
	q, cookie, err := x.oidcQuery()
	if err != nil {
		return err
	}
	back := q.get("return")
	if back == "" {
		back = "/"
	}
	if !ownPath(back) {
		return badLogin("return must be a path on this server, such as /docs/, of at most %d bytes of ASCII.", maxReturn)
	}
	login, address, err := x.server.oidc.Begin(x.r.Context())
	if err != nil {
		return loginFailure(err)
	}
	kept, err := x.server.auth.KeepPending(x.r.Context(), auth.Pending{
		State: login.State, Nonce: login.Nonce, Verifier: login.Verifier, Return: back,
	})
	if err != nil {
		return err
	}
	x.setCookie(cookie, kept, auth.PendingLife)
	x.w.Header().Set("Location", address)
	x.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// ownPath reports whether text is a path of this server that no browser takes for another server's address: browsers read
// backslashes as slashes, and drop white space.
func ownPath(text string) bool {
	plain := func(r rune) bool { return r > ' ' && r < 0x7f && r != '\\' }
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "" && u.Host == "" && len(text) <= maxReturn && strings.HasPrefix(text, "/") &&
		!strings.HasPrefix(text, "//") && !strings.ContainsFunc(text, func(r rune) bool { return !plain(r) })
}

// finishLogin begins the session of a user who comes back from the provider.
func (x *exchange) finishLogin() error {
	q, cookie, err := x.oidcQuery()
	if err != nil {
		return err
	}
	kept := x.r.CookiesNamed(cookie)
	if len(kept) != 1 { // a second one must have been planted
		return &denial{face: signInRefused, msg: "This browser has not begun to sign in, or too long ago: begin again."}
	}
	ctx := x.r.Context()
	failed, err := x.server.auth.ComesBack(ctx, q.get("state"), x.origin())
	if err != nil {
		return dressed(err, signInRefused, "")
	}
	pending, err := x.server.auth.TakePending(ctx, kept[0].Value, q.get("state"))
	if err != nil {
		return loginFailure(err)
	}
	x.dropCookie(cookie)
	if q.get("error") != "" {
		return &denial{face: signInRefused, msg: strings.TrimSpace("The provider did not let you sign in: "+oidc.Code(q.get("error"))) + "."}
	}
	if q.get("code") == "" {
		return badLogin("The provider sent neither a code nor an error.")
	}
	who, err := x.server.oidc.Finish(ctx, oidc.Login{State: pending.State, Nonce: pending.Nonce, Verifier: pending.Verifier}, q.get("code"), q.get("iss"))
	if err != nil {
		if provider := (*oidc.Error)(nil); errors.As(err, &provider) && !provider.Down {
			err = errors.Join(err, failed(ctx))
		}
		return loginFailure(err)
	}
	secret, session, err := x.server.auth.LoginIdentity(ctx, auth.Identity(who), x.origin())
	if err != nil {
		if refused := (*auth.Error)(nil); errors.As(err, &refused) && refused.User != "" {
			x.refusedSignIn(refused.User, err)
		}
		return loginFailure(err)
	}
	x.user = session.User
	if len(session.LeftOut) > 0 {
		x.server.log.WarnContext(ctx, "a user was not put into groups that projects are called like: map the provider's groups otherwise", "id", x.id, "user", session.User, "groups", session.LeftOut)
	}
	x.setCookie(x.server.sessionCookie(x.r), secret, auth.SessionLife)
	x.w.Header().Set("Location", x.server.publicURL+pending.Return)
	x.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// loginFailure gives the error of a login its face. The cause is appended for the log.
func loginFailure(err error) error {
	var provider *oidc.Error
	var ours *auth.Error
	switch {
	case errors.As(err, &provider):
		f := signInRefused
		if provider.Down {
			f = faces[namespace.Unavailable]
		}
		return fmt.Errorf("%w (%w)", &denial{face: f, msg: sentence(provider.Msg)}, err)
	case errors.As(err, &ours) && ours.Kind != auth.Unavailable && ours.Kind != auth.Internal:
		return &denial{face: signInRefused, msg: sentence(ours.Msg)}
	}
	return err
}

// sentence turns an error message into a sentence.
func sentence(msg string) string {
	return strings.ToUpper(msg[:1]) + msg[1:] + "."
}

// pagePolicy is the Content-Security-Policy of pages without scripts.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// failurePage renders a failure as a page for people.
func failurePage(f failure, id string) []byte {
	return []byte(strings.NewReplacer(
		"{title}", html.EscapeString(f.title), "{said}", html.EscapeString(f.msg), "{login}", oidcLogin, "{id}", html.EscapeString(id),
	).Replace(failedPage))
}

const failedPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Granary</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:4em auto;padding:0 1em}small{opacity:.6}</style>
<h1>{title}</h1>
<p role="alert">{said}</p>
<p><a href="{login}">Sign in again</a></p>
<p><small>The server's log names this {id}.</small></p>
</html>
`
