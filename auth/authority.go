package auth

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Config is what an [Authority] works with.
type Config struct {
	// DB holds the tables users, signing_keys and tokens of package migrations.
	DB *pgxpool.Pool
	// Issuer is the iss claim of every token given out and the only one accepted: the name of the installation.
	Issuer string
	// Seal and Unseal protect private keys at rest with the installation's root key. What was sealed under one label
	// must not unseal under another.
	Seal   func(label string, plain []byte) []byte
	Unseal func(label string, sealed []byte) ([]byte, error)

	// Superuser is the user who passes every check, besides admins and the members of [Supergroup]; "": nobody.
	Superuser string
	// Simple is true under simple authentication: names are believed, and tickets may rest on nothing but a name.
	Simple bool
	// Recall is how long, at most a minute, a user's row may be answered from memory; with 0 every call reads it. More
	// than 0 is right only where every decision compares Principal.Epoch with the live row, as the namespace does; code
	// that decides by anything else must call Refresh first, which always reads.
	Recall time.Duration
	// MaxTTL bounds the life of tokens given out, at least SessionTTL; 0 means 366 days.
	MaxTTL time.Duration
	// Identities says what happens to those who sign in at an OpenID provider.
	Identities IdentityRules
	// NamePattern is the regular expression that user and group names match as a whole; "" means DefaultNamePattern.
	NamePattern string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

const (
	// Supergroup is the group whose members are superusers, HDFS's default of dfs.permissions.superusergroup.
	Supergroup = "supergroup"
	// SessionTTL is the longest life of a token that has no row of its own.
	SessionTTL = time.Hour

	// audience is the aud claim of every token.
	audience = "granary"
	// leeway is how far the clocks of two servers may be apart.
	leeway = 30 * time.Second
	// mostAhead is by how much a time in the database may lie ahead of a server's clock. What is further ahead was written
	// while a clock was wrong: servers that differ so much do not accept each other's tokens.
	mostAhead = time.Hour
	// verifiedFor is how long a good signature is remembered, and so how long a removed key may still be accepted.
	verifiedFor = time.Minute
	// maxRecall bounds Config.Recall.
	maxRecall = time.Minute
	// year is the default of Config.MaxTTL.
	year = 366 * 24 * time.Hour
	// remembered bounds each cache, in entries; an entry takes some hundred bytes.
	remembered = 4096
)

// Authority gives out and checks credentials. It is safe for concurrent use, owns no goroutine and needs no closing;
// any number of them, in any number of servers, may work on one database.
type Authority struct {
	cfg       Config
	names     grammar
	keys      *keyring
	parser    *jwt.Parser
	verified  *lru[[sha256.Size]byte, Claims] // by SHA-256 of the token
	secrets   *lru[secretKey, Claims]
	facts     *lru[identity, facts]
	uses      uses
	turns     turns
	passwords hasher
}

// Open returns the authority over cfg.DB, making its signing keys if there are none. It fails if a key cannot be
// unsealed, which means that the root key is not the one this database was made with.
func Open(ctx context.Context, cfg Config) (*Authority, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxTTL == 0 {
		cfg.MaxTTL = year
	}
	switch {
	case cfg.DB == nil || cfg.Seal == nil || cfg.Unseal == nil:
		return nil, &Error{Kind: Invalid, Msg: "auth.Config needs DB, Seal and Unseal"}
	case cfg.Issuer == "":
		return nil, &Error{Kind: Invalid, Msg: "auth.Config needs an Issuer: without one, tokens of every installation would pass"}
	case cfg.Recall < 0 || cfg.Recall > maxRecall:
		return nil, &Error{Kind: Invalid, Msg: "auth.Config.Recall must be between 0 and " + maxRecall.String()}
	case cfg.MaxTTL < SessionTTL:
		return nil, &Error{Kind: Invalid, Msg: "auth.Config.MaxTTL must be at least " + SessionTTL.String()}
	}
	names, err := newGrammar(cfg.NamePattern)
	if err != nil {
		return nil, err
	}
	if err := cfg.Identities.check(names); err != nil {
		return nil, err
	}
	a := &Authority{
		turns:     newTurns(),
		cfg:       cfg,
		names:     names,
		keys:      &keyring{db: cfg.DB, seal: cfg.Seal, unseal: cfg.Unseal, now: cfg.Now},
		parser:    newParser(cfg.Issuer, cfg.Now),
		verified:  newLRU[[sha256.Size]byte, Claims](remembered),
		secrets:   newLRU[secretKey, Claims](remembered),
		facts:     newLRU[identity, facts](remembered),
		passwords: newHasher(),
	}
	if err := a.keys.open(ctx); err != nil {
		return nil, err
	}
	return a, nil
}
