package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Login is the state that must be kept between the two halves of a login, only by the browser that began it.
type Login struct {
	State    string // comes back in the address
	Nonce    string // comes back in the ID token
	Verifier string // proves to the provider that the sender of the code began the login
}

// Identity says who somebody is according to the provider.
type Identity struct {
	Issuer  string   // as configured
	Subject string   // never reused for another user of the same issuer
	Name    string   // from the configured claim; "": there is none
	Groups  []string // by the provider's names; nil: none
}

// Begin begins a login and returns the address to send the browser to. It fails with an *[Error].
func (p *Provider) Begin(ctx context.Context) (l Login, address string, err error) {
	k, err := p.discovered(ctx)
	if err != nil {
		return Login{}, "", err
	}
	l = Login{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return l, k.oauth.AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)), nil
}

// Finish ends a login with the code that the provider sent the browser back with, and the issuer, which it may have sent along
// (RFC 9207; "": it did not). The caller must check that the state came back in the browser that began the login. Finish fails
// with an *[Error].
func (p *Provider) Finish(ctx context.Context, l Login, code, issuer string) (Identity, error) {
	failures := p.failures.Load()
	down := func(err error) (Identity, error) {
		return Identity{}, &Error{Down: true, Msg: p.Host() + " cannot be asked who you are at the moment; try again later", Err: cause(err)}
	}
	refuse := func(err error) (Identity, error) {
		if ctx.Err() != nil || p.failures.Load() != failures { // whatever the library's error says
			return down(err)
		}
		return Identity{}, &Error{Msg: "what " + p.Host() + " said of you does not hold; sign in again", Err: cause(err)}
	}
	if issuer != "" && issuer != p.config.Issuer {
		return refuse(errors.New("the answer names another issuer"))
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return Identity{}, &Error{Down: true, Msg: "too many are signing in; try again", Err: ctx.Err()}
	}
	k, err := p.discovered(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = p.with(ctx)
	tokens, err := k.oauth.Exchange(ctx, code, oauth2.VerifierOption(l.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
			return refuse(err)
		}
		return down(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return refuse(errors.New("the token endpoint gave no ID token"))
	}
	id, err := k.verifier.Verify(ctx, raw)
	if err != nil {
		return refuse(err)
	}
	claims, err := p.claims(id, l, tokens.AccessToken)
	if err != nil {
		return refuse(err)
	}
	if err := p.complete(ctx, k, id.Subject, tokens, claims); err != nil {
		return refuse(err)
	}
	who := Identity{Issuer: p.config.Issuer, Subject: id.Subject}
	if who.Name, err = name(claims[p.config.NameClaim]); err != nil {
		return refuse(fmt.Errorf("the claim %s: %w", p.config.NameClaim, err))
	}
	if who.Groups, err = names(claims[p.config.GroupsClaim]); err != nil {
		return refuse(fmt.Errorf("the claim %s: %w", p.config.GroupsClaim, err))
	}
	return who, nil
}

// claims checks what the library does not, and returns the claims of an ID token.
func (p *Provider) claims(id *oidc.IDToken, l Login, accessToken string) (map[string]json.RawMessage, error) {
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(l.Nonce)) != 1 || l.Nonce == "" {
		return nil, errors.New("the ID token is of another login: its nonce is not ours")
	}
	if id.Subject == "" {
		return nil, errors.New("the ID token has no subject")
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(accessToken); err != nil {
			return nil, err
		}
	}
	var party struct {
		Authorized string `json:"azp"`
	}
	claims := map[string]json.RawMessage{}
	if err := errors.Join(id.Claims(&party), id.Claims(&claims)); err != nil {
		return nil, err
	}
	if others := slices.ContainsFunc(id.Audience, func(to string) bool { return to != p.config.ClientID }); (others || party.Authorized != "") &&
		party.Authorized != p.config.ClientID { // Core 1.0 §3.1.3.7, 4 and 5
		return nil, errors.New("the ID token was given out for another client")
	}
	return claims, nil
}

// complete adds claims from the provider's userinfo endpoint if one that we need is missing, since some providers keep their ID
// tokens short.
func (p *Provider) complete(ctx context.Context, k *known, subject string, tokens *oauth2.Token, claims map[string]json.RawMessage) error {
	wanted := []string{p.config.NameClaim, p.config.GroupsClaim}
	missing := slices.ContainsFunc(wanted, func(claim string) bool { return claims[claim] == nil })
	if !missing || k.provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := k.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return err
	}
	if info.Subject != subject { // Core 1.0 §5.3.4
		return errors.New("the userinfo endpoint spoke of somebody else")
	}
	more := map[string]json.RawMessage{}
	if err := info.Claims(&more); err != nil {
		return err
	}
	for _, claim := range wanted {
		if claims[claim] == nil && more[claim] != nil {
			claims[claim] = more[claim]
		}
	}
	return nil
}

// name parses a claim that is a string.
func name(claim json.RawMessage) (string, error) {
	if claim == nil {
		return "", nil
	}
	var text *string
	if err := json.Unmarshal(claim, &text); err != nil {
		return "", errors.New("it is no text")
	}
	if text == nil {
		return "", nil
	}
	return *text, nil
}

// names parses a claim that is a list of strings, or one string.
func names(claim json.RawMessage) ([]string, error) {
	if claim == nil {
		return nil, nil
	}
	var list []string
	if json.Unmarshal(claim, &list) == nil {
		return list, nil
	}
	one, err := name(claim)
	if err != nil {
		return nil, errors.New("it is no list of texts")
	}
	return []string{one}, nil
}
