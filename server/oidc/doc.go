// Package oidc asks an OpenID provider who somebody is, by the authorization code flow of OpenID Connect Core 1.0 with PKCE
// (RFC 7636, S256), state and nonce. The result is an [Identity]. Nothing else is kept: the provider's tokens are dropped as
// soon as they are read. Which user an identity belongs to, and what that user may do, is decided elsewhere.
//
// # ID tokens
//
// An ID token is accepted if it came from the provider's token endpoint for a code that matches this login's verifier, is signed
// with RSA or ECDSA by a key and with an algorithm that the provider publishes, names the configured issuer and this client as
// its audience, has not expired, and holds this login's nonce. Algorithms with a shared secret, and "none", are refused whatever
// the provider publishes: with a shared secret, anybody who knows the client's secret could forge an ID token.
//
// # Failures of the provider
//
// The provider's metadata is read when it is first needed and again each hour, so that a server starts without the provider,
// and keys that were withdrawn are forgotten. New keys are fetched when a token names one. Answers are bounded in time and size,
// and redirects are not followed, since they could carry the client's secret elsewhere.
package oidc
