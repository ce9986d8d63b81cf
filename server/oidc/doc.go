// Package oidc asks an OpenID provider who somebody is: the authorization code flow of OpenID Connect Core 1.0, with PKCE
// (RFC 7636, S256), state and nonce. What comes of it is an [Identity], and nothing else is kept: the provider's tokens are
// dropped as soon as they are read. Which user an identity is, and what that user may do, is not for this package to say.
//
// # What is believed
//
// An ID token counts if it came from the provider's token endpoint for a code that this login's verifier fits, is signed
// with RSA or ECDSA by a key that the provider publishes, with an algorithm that it publishes, names the configured issuer,
// and us as who it is for, has not expired, and holds this login's nonce. Algorithms with a shared secret, and none, are
// refused whatever the provider publishes: a server that takes them can be spoken to by whoever knows the client's secret.
//
// # Trouble at the provider
//
// What the provider says of itself is read when it is first needed and again each hour, so a server starts without it, and
// keys that were withdrawn are forgotten. New keys are fetched when a token names one. Answers are bounded in time and size,
// and redirects are not followed: they could carry the client's secret elsewhere.
package oidc
