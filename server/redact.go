package server

import (
	"regexp"
	"strings"
)

// secrets are the parameters whose values never reach a log, a trace or a Location. Only doas may be in a Location, since the
// second hop needs it; it is kept from logs because it names another user's account.
var secrets = map[string]bool{
	"delegation": true, "ticket": true, "token": true, "signature": true, "password": true, "doas": true,
	"access_token": true, "refresh_token": true, "client_secret": true, "code": true,
	"state": true, "id_token": true,
}

// secretPattern matches the secrets that package auth gives out, and signed tokens, complete or truncated, anywhere in a text.
var secretPattern = regexp.MustCompile(`gr[sl]?_[0-9A-Za-z]{12,}|eyJ[0-9A-Za-z_-]{10,}(\.[0-9A-Za-z_-]*){0,2}`)

// redactSecrets blanks secrets in a text for the log.
func redactSecrets(text string) string {
	// All matches of secretPattern begin with one of these. Hardly any text has them, and this check costs a hundredth of the match.
	if !strings.Contains(text, "gr") && !strings.Contains(text, "eyJ") {
		return text
	}
	return secretPattern.ReplaceAllString(text, redacted)
}

// redactPath returns a raw path fit for a log or a message. What follows /links/ is a secret, however the prefix is spelled.
func redactPath(raw string) string {
	plain, ok := unescape(raw, false)
	if !ok {
		plain = raw
	}
	if prefix := linksPrefix; len(plain) > len(prefix) && strings.EqualFold(plain[:len(prefix)], prefix) {
		return prefix + redacted
	}
	if blanked := redactSecrets(plain); blanked != plain {
		return printable(blanked)
	}
	return printable(raw)
}

const (
	// redacted stands for a secret.
	redacted = "***"
	// maxLoggedQuery is about how many bytes of a query are logged.
	maxLoggedQuery = 2 << 10
)

// redactPart returns a part of a raw query fit for a log, with secrets blanked even if they are escaped.
func redactPart(raw string) string {
	if plain, ok := unescape(raw, true); ok {
		if blanked := redactSecrets(plain); blanked != plain {
			return printable(blanked)
		}
	}
	return printable(redactSecrets(raw))
}

// redact returns a raw query fit for a log, with the values of [secrets] blanked. It works on the raw text, so that a query
// that the parser refuses is redacted as well. Escaped names are decoded, and a pair whose name cannot be is blanked as a whole.
func redact(raw string) string {
	if raw == "" {
		return ""
	}
	var b strings.Builder
	for piece := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '&' || r == ';' }) {
		if b.Len() > maxLoggedQuery {
			b.WriteString("&…")
			break
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		rawName, value, _ := strings.Cut(piece, "=")
		name, ok := unescape(rawName, true)
		switch {
		case !ok:
			b.WriteString(redacted)
		case secrets[strings.ToLower(strings.TrimSpace(name))]:
			b.WriteString(printable(rawName) + "=" + redacted)
		default:
			b.WriteString(redactPart(rawName) + "=" + redactPart(value))
		}
	}
	return b.String()
}
