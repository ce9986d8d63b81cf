package server

import "strings"

// secrets are the parameters that never reach a log, a trace or a Location as they came. doas names somebody else's
// account, which is theirs to publish.
var secrets = map[string]bool{
	"delegation": true, "ticket": true, "token": true, "signature": true, "password": true, "doas": true,
	"access_token": true, "refresh_token": true, "client_secret": true, "code": true,
}

const (
	// redacted stands for a secret.
	redacted = "***"
	// maxLoggedQuery is about how many bytes of a query are logged.
	maxLoggedQuery = 2 << 10
)

// redact returns a raw query fit for a log, with the values of [secrets] blanked. It goes by the raw text, so that what
// the parser refuses is redacted as well: an escaped name is decoded, and a pair whose name cannot be is blanked whole.
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
			b.WriteString(printable(rawName) + "=" + printable(value))
		}
	}
	return b.String()
}
