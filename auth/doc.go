// Package auth knows who is calling: it keeps users and signing keys, gives out tokens and tickets, and turns either of
// them back into a [Principal]. It says nothing about what a principal may do; the namespace decides that from live
// rows at each act.
//
// # Credentials
//
// A token is a JWT signed with Ed25519. It names its user and may be limited to a project, a directory and some verbs.
// A session token lives at most [SessionTTL] and depends on its user's row, and on that of the token it was given out
// for, if any; a longer-lived one has its own row in tokens, which every use reads, so that it can be revoked by its
// id.
//
// A delegation token has a row, too. Its parent is the token that it was given out for: the user's own or, where a
// proxy acted for the user ([Authority.For]), the proxy's; in that case it cannot obtain further credentials. A
// delegation given out to a web session ends with it, but not when the session only idles out: a program that works for
// the user does not idle.
//
// A personal token, a web session's cookie and a download link hold a secret instead, 256 random bits after a prefix.
// They have a row like long tokens, with the secret's SHA-256. So one table holds everything that can be listed and
// revoked, and one read of a live row, in facts.go, enforces every revocation.
//
// A ticket is what a redirect carries instead of the token: bound to one operation on one path for one principal,
// usable as often as the client likes, and dead as soon as the token behind it is. Its form is described at [Ticket].
//
// Under simple authentication the caller's name is believed; see [Authority.Simple].
//
// # Identities
//
// Somebody may also sign in at an OpenID provider (package oidc), which vouches for an [Identity]. It is linked to a
// user by issuer and subject, which no provider reassigns; names and addresses may be reassigned. The name counts only
// once, when [IdentityRules] allow a new user to be made with it, and only if no user here has it. The provider's
// groups stand for local groups that the rules name. Those are kept apart from the groups that an administrator sets,
// are replaced at each login, and make nobody a superuser.
//
// # Revocation
//
// Whatever changes what a user may do (groups, admin, disabled, a token revoked) first locks the user's row FOR UPDATE
// and raises its epoch. A statement of the namespace that relied on a principal locks that row FOR KEY SHARE and
// compares Principal.Epoch; when it differs, [Authority.Refresh] reads everything again, the token's row included. So a
// change that was answered is seen by every act that begins after it, on every server, whatever was cached.
//
// # Secrets
//
// Private keys are stored sealed by the installation's root key, passwords as argon2id hashes, secrets as SHA-256, tokens
// not at all. Attempts to prove a secret that people chose are throttled: see throttle.go.
// Errors of this package never quote a credential, nor text that a parser took from one, and the package writes no log.
package auth
