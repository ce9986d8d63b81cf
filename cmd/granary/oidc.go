package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"granary/auth"
	"granary/server"
	"granary/server/oidc"
)

// signInFlags are the settings of signing in with OpenID Connect.
type signInFlags struct {
	OIDCIssuer      string   `name:"oidc-issuer" help:"Let users sign in at this OpenID provider. Register --public-url followed by /login/oidc/callback there as the redirect URI." placeholder:"URL"`
	OIDCClientID    string   `name:"oidc-client-id" help:"Client id of this service at the provider." placeholder:"ID"`
	OIDCSecretFile  string   `name:"oidc-client-secret-file" help:"File with the client secret of this service, in its first line; read at the start. Without it, no secret is sent." placeholder:"FILE" type:"path"`
	OIDCScopes      []string `name:"oidc-scopes" help:"Scopes to request besides openid." default:"profile" placeholder:"SCOPE"`
	OIDCNameClaim   string   `name:"oidc-name-claim" help:"Claim that gives a new user's name." default:"preferred_username" placeholder:"CLAIM"`
	OIDCGroupsClaim string   `name:"oidc-groups-claim" help:"Claim that lists the user's groups." default:"groups" placeholder:"CLAIM"`
	OIDCGroups      []string `name:"oidc-groups" help:"Which group of the provider maps to which group here, separated by semicolons. Other groups are ignored, and none may map to supergroup." placeholder:"THEIRS=OURS" sep:";"`
	OIDCNewUsers    string   `name:"oidc-new-users" help:"What to do when somebody signs in for the first time: create a user with the name that the provider gives, or refuse and let an administrator decide, with granary user link." enum:"refuse,create" default:"refuse"`
}

// signIn returns the provider, nil if none is set, and the rules for the identities that it names.
func (f *signInFlags) signIn(publicURL, mode string) (*oidc.Provider, auth.IdentityRules, error) {
	none := auth.IdentityRules{}
	switch {
	case f.OIDCIssuer == "" && (f.OIDCClientID != "" || f.OIDCSecretFile != "" || len(f.OIDCGroups) > 0 || f.OIDCNewUsers != "refuse"):
		return nil, none, errors.New("settings of OpenID Connect are given without --oidc-issuer, the provider that they are about")
	case f.OIDCIssuer == "":
		return nil, none, nil
	case mode == "simple":
		return nil, none, errors.New("--oidc-issuer: nobody signs in under --auth simple, which believes names")
	case publicURL == "":
		return nil, none, fmt.Errorf("--oidc-issuer needs --public-url, the address that browsers reach the service by; register it at the provider, followed by %s", server.OIDCCallback)
	}
	secret, err := readSecret(f.OIDCSecretFile)
	if err != nil {
		return nil, none, fmt.Errorf("--oidc-client-secret-file: %w", err)
	}
	rules := auth.IdentityRules{Create: f.OIDCNewUsers == "create", Groups: map[string][]string{}}
	for _, text := range f.OIDCGroups {
		at := strings.LastIndex(text, "=") // the provider's group may be an LDAP name, which holds =
		if at < 1 || at == len(text)-1 {
			return nil, none, fmt.Errorf("--oidc-groups %q: want THEIRS=OURS, such as engineering=staff", text)
		}
		rules.Groups[text[:at]] = append(rules.Groups[text[:at]], text[at+1:])
	}
	provider, err := oidc.New(oidc.Config{
		Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, ClientSecret: secret, Redirect: strings.TrimSuffix(publicURL, "/") + server.OIDCCallback,
		Scopes: f.OIDCScopes, NameClaim: f.OIDCNameClaim, GroupsClaim: f.OIDCGroupsClaim,
	})
	if err != nil {
		return nil, none, fmt.Errorf("OpenID Connect: %w", err)
	}
	return provider, rules, nil
}

// maxSecretFile bounds the file of a client's secret, in bytes.
const maxSecretFile = 4 << 10

// readSecret reads the first line of a file; without a file there is no secret.
func readSecret(name string) (oidc.Secret, error) {
	if name == "" {
		return "", nil
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSecretFile))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSpace(line)
	if line == "" {
		return "", fmt.Errorf("the first line of %s is empty", name)
	}
	return oidc.Secret(line), nil
}

// greet reads the provider's configuration while the server starts, so that an operator learns of a mistake before
// users do. The returned function waits for its end.
func greet(ctx context.Context, provider *oidc.Provider, log *slog.Logger) (stop func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := provider.Discover(ctx); err != nil {
			log.WarnContext(ctx, "nobody can sign in with OpenID Connect as yet; it is tried again at each attempt", "provider", provider.Host(), "error", err)
		}
	}()
	return func() { <-done }
}

// person names a user, and a person at a provider.
type person struct {
	Name    string `arg:"" help:"The user's name."`
	Subject string `arg:"" help:"The person's id at the provider: the claim sub. A refused sign-in shows it."`
	Issuer  string `name:"oidc-issuer" required:"" help:"The provider." placeholder:"URL"`
}

type userLinkCommand struct {
	place
	person
}

func (u *userLinkCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error { return in.auth.LinkUser(ctx, u.Name, u.Issuer, u.Subject) })
}

type userUnlinkCommand struct {
	place
	person
}

func (u *userUnlinkCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error { return in.auth.UnlinkUser(ctx, u.Name, u.Issuer, u.Subject) })
}

type userLinksCommand struct {
	place
	Name string `arg:"" help:"The user's name."`
}

func (u *userLinksCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error {
		links, err := in.auth.IdentitiesOf(ctx, u.Name)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "SUBJECT\tISSUER\tLINKED\tLAST USE")
		for _, l := range links {
			used := "never"
			if !l.Used.IsZero() {
				used = l.Used.Format(time.RFC3339)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Subject, l.Issuer, l.Linked.Format(time.RFC3339), used)
		}
		return w.Flush()
	})
}
