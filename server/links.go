package server

import (
	"errors"
	"html"
	"mime"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"granary/auth"
	"granary/namespace"
)

// linksPrefix is the prefix of the paths of download links.
const linksPrefix = "/links/"

// passwordHeader holds the password of a link, for programs.
const passwordHeader = "X-Link-Password"

// errNoLink refuses a link that does not exist or is no longer valid, without telling which.
var errNoLink = &denial{face: noSuchRoute, msg: "There is no such link (any more). Ask who gave it to you for another."}

// followLink answers with the file that a link leads to. Whoever has the address may read the file for as long as the user that
// made the link may. The answer shows the file's name and revision, but neither its path nor its owner.
func (x *exchange) followLink() error {
	x.path = linksPrefix + redacted
	password := auth.Password(x.r.Header.Get(passwordHeader))
	if x.r.Method == http.MethodPost {
		f, err := x.form()
		var busy *denial
		switch {
		case errors.As(err, &busy):
			return busy
		case err != nil:
			return &namespace.Error{Op: "read the body", Kind: namespace.InvalidArgument, Msg: "Cannot read the password: " + err.Error()}
		}
		password = auth.Password(f.get("password"))
	}
	secret := chi.URLParam(x.r, "secret")
	id, err := x.server.auth.LinkOf(x.r.Context(), secret)
	if err != nil {
		return x.refuseLink(err)
	}
	// Each link has limits of its own, so that whoever has it can exhaust neither the server nor the limits of the link's maker.
	// They are checked before UseLink, which writes to the database.
	if err := x.count(linksPrefix+id.String(), reading); err != nil {
		return err
	}
	p, link, err := x.server.auth.UseLink(x.r.Context(), secret, password, x.origin())
	if err != nil {
		return x.refuseLink(err)
	}
	x.user = p.User // for the log
	file, r, asked, err := x.openLink(p, link)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	h := x.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	// Whatever a file holds, a browser must neither render nor run it on this origin.
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return x.sendFile(r, asked)
}

// openLink opens the file of a link with the rights of the link's maker: the part that is asked for, or all of it if asked is
// nil. It returns no reader if it has answered that the client has the file already.
func (x *exchange) openLink(p auth.Principal, link auth.Token) (name string, r *namespace.Reader, asked *part, err error) {
	session := x.server.fs.As(p).From(x.client)
	path, err := session.Find(x.r.Context(), link.Scope.Root)
	var condition namespace.Condition
	if err == nil && path.InTrash() { // whoever deletes a file no longer means to hand it out
		return "", nil, nil, errNoLink
	}
	if err == nil {
		condition, err = x.condition(path.Name(), x.listed(ifMatch), x.listed(ifNoneMatch))
	}
	if err == nil {
		r, err = session.If(condition).OpenPart(x.r.Context(), path, func(s namespace.Status) (off, n int64, err error) {
			if asked, err = x.ranged(s, path.Name()); err != nil || asked == nil {
				return 0, -1, err
			}
			return asked.off, asked.n, nil
		})
	}
	var e *namespace.Error
	if errors.As(err, &e) {
		switch e.Kind { //nolint:exhaustive // the others say nothing of the file
		case namespace.NotExist, namespace.NotDirectory, namespace.InvalidPath:
			return "", nil, nil, errNoLink
		case namespace.AccessControl:
			return "", nil, nil, &denial{face: faces[namespace.AccessControl], msg: "Who gave you this link may not read the file any more."}
		case namespace.Precondition:
			if x.r.Method != http.MethodPost && x.unchanged(err) {
				return "", nil, nil, nil
			}
			msg := "The condition does not hold: " + path.Name() + " is in another state" // without its path
			return "", nil, nil, &namespace.Error{Op: "open", Path: path.Name(), Kind: e.Kind, Msg: msg, Err: e.Err}
		}
	}
	return path.Name(), r, asked, err
}

// refuseLink answers a request whose link was not accepted. A browser gets a form that asks for the password.
func (x *exchange) refuseLink(err error) error {
	var e *auth.Error
	if !errors.As(err, &e) || e.Kind == auth.Unavailable || e.Kind == auth.Internal {
		return err
	}
	said := ""
	switch e.Kind {
	case auth.Throttled:
		return dressed(err, tooMany, "")
	case auth.Missing:
	case auth.WrongPassword:
		said = "That was not the password."
	default:
		return errNoLink
	}
	const challenge = `Link realm="granary"`
	if !strings.Contains(x.r.Header.Get("Accept"), "text/html") {
		return &denial{face: unauthenticated, msg: e.Msg + ": send it as " + passwordHeader, challenge: challenge}
	}
	x.err = err
	h := x.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("WWW-Authenticate", challenge)
	x.answerEarly(http.StatusUnauthorized, []byte(strings.Replace(passwordPage, "{said}", html.EscapeString(said), 1)))
	return nil
}

// passwordPage asks for the password of a link.
const passwordPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Granary</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:24em;margin:4em auto;padding:0 1em}</style>
<h1>A file for you</h1>
<p role="alert">{said}</p>
<form method="post">
<label>Password <input type="password" name="password" required autofocus autocomplete="off"></label>
<button>Download</button>
</form>
</html>
`
