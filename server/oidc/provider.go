package oidc

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// Config configures a [Provider].
type Config struct {
	// Issuer is the provider's URL, exactly as the provider spells it: https, or http on this machine. Its metadata is at
	// <Issuer>/.well-known/openid-configuration.
	Issuer string
	// ClientID and ClientSecret identify us to the provider. The secret may be empty.
	ClientID     string
	ClientSecret Secret
	// Redirect is the address that the provider sends people back to, exactly as it is registered there.
	Redirect string
	// Scopes are requested in addition to openid.
	Scopes []string
	// NameClaim and GroupsClaim are the claims with the user's name, a string, and groups, a list of strings or one string.
	NameClaim, GroupsClaim string
}

// Secret is the client's secret. It prints as asterisks with any verb.
type Secret string

// Format implements fmt.Formatter.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

const (
	// knownFor is how long the provider's metadata is used before it is read again.
	knownFor = time.Hour
	// atOnce bounds the logins that are being finished at a time, since each waits for the provider.
	atOnce = 16
)

// algorithms are the algorithms that an ID token may be signed with.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512}

// Provider is an OpenID provider. It is safe for concurrent use.
type Provider struct {
	config Config
	client *http.Client
	// failures counts how often the provider could not be reached.
	failures atomic.Int64
	slots    chan struct{}
	asking   singleflight.Group // concurrent reads of the metadata share one answer
	known    atomic.Pointer[known]
}

// known is the provider's metadata.
type known struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	until    time.Time
}

// New returns the provider that c describes, without connecting to it. It fails if c is not usable.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	switch {
	case err != nil || issuer.Host == "" || issuer.RawQuery != "" || issuer.Fragment != "" || issuer.User != nil || !private(issuer):
		return nil, fmt.Errorf("the issuer %q must be the provider's URL, such as https://login.example.org/realms/main: https, or http on this machine", c.Issuer)
	case c.ClientID == "":
		return nil, fmt.Errorf("a client id is needed: what the provider %s calls this service", c.Issuer)
	case c.NameClaim == "" || c.GroupsClaim == "":
		return nil, fmt.Errorf("the claims of the name and of the groups need names, such as preferred_username and groups")
	}
	back, err := url.Parse(c.Redirect)
	if err != nil || back.Host == "" || !private(back) {
		return nil, fmt.Errorf("people are sent back to %q, which must be https, or http on this machine", c.Redirect)
	}
	p := &Provider{config: c, slots: make(chan struct{}, atOnce)}
	p.client = newClient(&p.failures)
	return p, nil
}

// private reports whether the connection to u cannot be overheard.
func private(u *url.URL) bool {
	if u.Scheme == "https" {
		return true
	}
	address, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && address.IsLoopback())
}

// Host names the provider for people: the host of its issuer.
func (p *Provider) Host() string {
	u, err := url.Parse(p.config.Issuer)
	if err != nil {
		return p.config.Issuer
	}
	if name, _, err := net.SplitHostPort(u.Host); err == nil {
		return name
	}
	return u.Host
}

// Discover reads the provider's metadata, unless that was done within the hour. It fails with an *[Error].
func (p *Provider) Discover(ctx context.Context) error {
	_, err := p.discovered(ctx)
	return err
}

// discovered returns the provider's metadata. Old metadata remains in use while the provider cannot be reached.
func (p *Provider) discovered(ctx context.Context) (*known, error) {
	old := p.known.Load()
	if old != nil && time.Now().Before(old.until) {
		return old, nil
	}
	_, err, _ := p.asking.Do("", func() (any, error) {
		fresh, err := p.discover(context.WithoutCancel(ctx))
		if err == nil {
			p.known.Store(fresh)
		}
		return nil, err
	})
	if err == nil {
		return p.known.Load(), nil
	}
	if old == nil {
		return nil, &Error{Down: true, Msg: p.Host() + " cannot be asked who you are at the moment; try again later", Err: cause(err)}
	}
	later := *old
	later.until = time.Now().Add(time.Minute)
	p.known.CompareAndSwap(old, &later)
	return old, nil
}

func (p *Provider) discover(ctx context.Context) (*known, error) {
	ctx, cancel := context.WithTimeout(p.with(ctx), answerTime)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, p.config.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, err
	}
	usable := slices.DeleteFunc(says.Algorithms, func(name string) bool { return !slices.Contains(algorithms, name) })
	if len(usable) == 0 {
		return nil, fmt.Errorf("it signs with none of %s", strings.Join(algorithms, ", "))
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	// Without a list, the header is the default that all providers accept (Discovery 1.0 §3).
	if p.config.ClientSecret == "" || len(says.Methods) > 0 && !slices.Contains(says.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &known{
		provider: provider,
		verifier: provider.Verifier(&oidc.Config{ClientID: p.config.ClientID, SupportedSigningAlgs: usable}),
		oauth: oauth2.Config{
			ClientID: p.config.ClientID, ClientSecret: string(p.config.ClientSecret), Endpoint: endpoint,
			RedirectURL: p.config.Redirect, Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...),
		},
		until: time.Now().Add(knownFor),
	}, nil
}

// with returns a context that makes the libraries use p's client.
func (p *Provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}
