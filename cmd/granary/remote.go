package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"time"

	"github.com/google/uuid"

	granary "granary/clients/go"
	"granary/cmd/granary/login"
)

// remoteTime bounds each request to a service. The slowest waits for others and then hashes a password.
const remoteTime = time.Minute

// remote is a service that a user logs in to.
type remote struct {
	service  login.Service
	client   *http.Client
	warnings io.Writer
}

// dial returns the remote without sending anything. Problems that do no harm are reported to warnings.
func dial(service login.Service, warnings io.Writer) *remote {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(fmt.Sprintf("granary: a cookie jar without options: %v", err))
	}
	return &remote{service, &http.Client{
		Timeout: remoteTime, Jar: jar,
		// A secret goes only to the address that the user gave.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, warnings}
}

// as returns a client that sends token, or none if that is "".
func (r *remote) as(token string) (*granary.ClientWithResponses, error) {
	named := granary.WithRequestEditorFn(func(_ context.Context, q *http.Request) error {
		q.Header.Set("User-Agent", "granary login")
		q.Header.Set("X-XSRF-HEADER", "granary login") // a page of another site cannot add it
		return nil
	})
	if token == "" {
		return granary.NewClientWithResponses(r.service.URL(), granary.WithHTTPClient(r.client), named)
	}
	return granary.Dial(r.service.URL(), token, granary.WithHTTPClient(r.client), named)
}

// isGranary fails unless there is a Granary at the address that asks for credentials. It sends none.
func (r *remote) isGranary(ctx context.Context) error {
	client, err := r.as("")
	if err != nil {
		return err
	}
	reply, err := client.WhoAmIWithResponse(ctx)
	if err != nil {
		return fmt.Errorf("there is no answer from %s: %w", r.service.URL(), err)
	}
	switch status := reply.StatusCode(); {
	case status == http.StatusUnauthorized && reply.ApplicationproblemJSONDefault != nil:
		return nil
	case status == http.StatusOK && reply.JSON200 != nil:
		return fmt.Errorf("the Granary at %s believes names (--auth simple), so there is nothing to log in to: set HADOOP_USER_NAME, or user.name", r.service.URL())
	case status >= 300 && status < 400:
		return fmt.Errorf("%s sends its visitors on to %s: give that address, if it is the one that you mean", r.service.URL(), reply.HTTPResponse.Header.Get("Location"))
	case reply.ApplicationproblemJSONDefault != nil:
		return fmt.Errorf("the Granary at %s is not well: %w", r.service.URL(), granary.Check(reply, nil))
	}
	return fmt.Errorf("what answers at %s is not Granary: it answers %d to a question about its users", r.service.URL(), reply.StatusCode())
}

// tokenRequest describes a new token. Verbs may be nil, and life 0, for the defaults.
type tokenRequest struct {
	verbs              []string
	project, directory string
	life               time.Duration
	label              string
}

// limits reports whether it asks for less than the caller's own credential allows.
func (t tokenRequest) limits() bool {
	return t.verbs != nil || t.project != "" || t.directory != "" || t.life != 0
}

// usual are the verbs that the clients need.
var usual = []string{"read", "write"}

// withPassword signs in, makes a token, and signs out.
func (r *remote) withPassword(ctx context.Context, user, password string, t tokenRequest) (login.Credential, error) {
	client, err := r.as("")
	if err != nil {
		return login.Credential{}, err
	}
	signedIn, err := client.SignInWithResponse(ctx, granary.SignIn{User: user, Password: password})
	if err := granary.Check(signedIn, err); err != nil {
		return login.Credential{}, fmt.Errorf("log in as %s: %w", user, err)
	}
	defer func() {
		signedOut, err := client.SignOutWithResponse(context.WithoutCancel(ctx), nil)
		if err := granary.Check(signedOut, err); err != nil {
			fmt.Fprintf(r.warnings, "granary: warning: the session in which the token was made is not signed out, and ends by itself: %v\n", err)
		}
	}()
	if t.verbs == nil {
		t.verbs = usual
	}
	return create(ctx, client, t)
}

// withToken makes a token with the one that is given. If that may not make tokens, the clients get it itself.
func (r *remote) withToken(ctx context.Context, token string, t tokenRequest) (login.Credential, error) {
	client, me, err := r.whose(ctx, token)
	if err != nil {
		return login.Credential{}, err
	}
	if me.Verbs != nil && !slices.Contains(*me.Verbs, "manage") {
		if t.limits() {
			return login.Credential{}, fmt.Errorf("the token is limited to %v and may not make others, as --project, --directory, --verbs and --expires ask: leave them out, or log in with a password", *me.Verbs)
		}
		return login.Credential{User: me.Name, Token: token, Expires: *me.Expires}, nil
	}
	if t.verbs == nil {
		t.verbs = usual
		if me.Verbs != nil {
			t.verbs = slices.DeleteFunc(slices.Clone(*me.Verbs), func(v string) bool { return v == "manage" })
		}
		if len(t.verbs) == 0 {
			return login.Credential{}, errors.New("the given token may neither read nor write, so clients could do nothing with a token that is made with it")
		}
	}
	return create(ctx, client, t)
}

// withLast gives the clients the token of the previous login again: one made with it would end with it.
func (r *remote) withLast(ctx context.Context, last *login.Record, t tokenRequest) (login.Credential, error) {
	if t.limits() {
		return login.Credential{}, errors.New("the token is that of the last login, and one that is made of it for --project, --directory, --verbs or --expires would end with it: leave them out, or log in with a password or another token")
	}
	_, me, err := r.whose(ctx, last.Token)
	if err != nil {
		return login.Credential{}, err
	}
	return login.Credential{User: me.Name, Token: last.Token, TokenID: last.TokenID, Expires: *me.Expires}, nil
}

// whose returns a client that sends token, and the user that the service knows by it, with Expires set.
func (r *remote) whose(ctx context.Context, token string) (*granary.ClientWithResponses, *granary.Me, error) {
	client, err := r.as(token)
	if err != nil {
		return nil, nil, err
	}
	reply, err := client.WhoAmIWithResponse(ctx)
	if err := granary.Check(reply, err); err != nil {
		return nil, nil, fmt.Errorf("log in with the token: %w", err)
	}
	if reply.JSON200.Expires == nil {
		return nil, nil, errors.New("log in with the token: the service does not say when it ends")
	}
	return client, reply.JSON200, nil
}

// create makes the token.
func create(ctx context.Context, client *granary.ClientWithResponses, t tokenRequest) (login.Credential, error) {
	kind, verbs := granary.NewTokenKind("personal"), []granary.NewTokenVerbs{}
	for _, v := range t.verbs {
		verbs = append(verbs, granary.NewTokenVerbs(v))
	}
	body := granary.NewToken{Kind: &kind, Label: &t.label, Verbs: &verbs}
	if t.project != "" {
		body.Project = &t.project
	}
	if t.directory != "" {
		body.Path = &t.directory
	}
	if t.life != 0 {
		life := int64(t.life / time.Second)
		body.ExpiresIn = &life
	}
	reply, err := client.CreateTokenWithResponse(ctx, body)
	if err := granary.Check(reply, err); err != nil {
		return login.Credential{}, fmt.Errorf("make a token: %w", err)
	}
	made := reply.JSON201
	return login.Credential{User: made.User, Token: made.Token, TokenID: made.Id.String(), Expires: made.Expires}, nil
}

// end ends a token with itself as the credential. A token that the service does not know any more has ended already.
func (r *remote) end(ctx context.Context, token, id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return fmt.Errorf("the id of the token: %w", err)
	}
	client, err := r.as(token)
	if err != nil {
		return err
	}
	reply, err := client.RevokeTokenWithResponse(ctx, parsed, nil)
	if err == nil && reply.StatusCode() == http.StatusUnauthorized {
		return nil
	}
	return granary.Check(reply, err)
}
