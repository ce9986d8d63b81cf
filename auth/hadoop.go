package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Hadoop's clients carry a token in an envelope of their own, org.apache.hadoop.security.token.Token: an identifier, a
// password, a kind and a service. Ours holds a token of Granary as the identifier and nothing as the password; the
// client hands both on unread.

// Kinds of tokens under which Hadoop's clients look for one, by the scheme of the file system's URI.
const (
	KindWebHDFS  = "WEBHDFS delegation"  // webhdfs:
	KindSWebHDFS = "SWEBHDFS delegation" // swebhdfs:, over TLS
)

// HadoopTokenFile returns the content of a file for HADOOP_TOKEN_FILE_LOCATION (Hadoop's Credentials, format 0 of
// writables) with token in it, of the kind that goes with the scheme, once for each of a service's names, host:port, of
// which there must be one at least.
func HadoopTokenFile(token, kind string, services ...string) ([]byte, error) {
	if len(token) > maxToken || len(services) == 0 {
		return nil, errors.New("a Hadoop token file needs a token and a service")
	}
	file := append([]byte("HDTS"), 0) // magic, version
	file = appendVInt(file, len(services))
	for _, service := range services {
		if !strings.Contains(service, ":") {
			return nil, errors.New("the service of a Hadoop token file must be host:port")
		}
		file = appendHadoopText(file, service)
		file = append(file, hadoopEnvelope(token, kind, service)...)
	}
	return appendVInt(file, 0), nil // secrets
}

// HadoopDelegation returns token as Hadoop's clients put it into the delegation parameter.
func HadoopDelegation(token, kind, service string) string {
	return base64.RawURLEncoding.EncodeToString(hadoopEnvelope(token, kind, service))
}

func hadoopEnvelope(token, kind, service string) []byte {
	b := appendHadoopText(nil, token) // the identifier
	b = appendHadoopText(b, "")       // the password
	b = appendHadoopText(b, kind)
	return appendHadoopText(b, service)
}

// TokenOf returns the token in a delegation parameter, which is the token itself or Hadoop's envelope around it.
// Anything else is returned as it is, for Verify to refuse.
func TokenOf(delegation string) string {
	if delegation == "" || len(delegation) > 2*maxToken || strings.ContainsRune(delegation, '.') {
		return delegation
	}
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(delegation, "="))
	if err != nil {
		return delegation
	}
	var token string
	for i := range 4 {
		text, rest, err := cutHadoopText(b)
		if err != nil {
			return delegation
		}
		if i == 0 {
			token = text
		}
		b = rest
	}
	if len(b) > 0 {
		return delegation
	}
	return token
}

// appendHadoopText appends s as an org.apache.hadoop.io.Text, which is also how byte strings of a Token are written.
func appendHadoopText(b []byte, s string) []byte { return append(appendVInt(b, len(s)), s...) }

func cutHadoopText(b []byte) (text string, rest []byte, err error) {
	n, b, err := cutVInt(b)
	if err != nil || n > len(b) {
		return "", nil, fmt.Errorf("a text of %d bytes in %d", n, len(b))
	}
	return string(b[:n]), b[n:], nil
}

// appendVInt appends n, at least 0, in the variable-length form of WritableUtils.writeVInt: up to 127 as one byte; else
// a byte that says how many follow (-113 for one, down to -116 for four) and these, the most significant first.
func appendVInt(b []byte, n int) []byte {
	if n <= 127 {
		return append(b, byte(n))
	}
	size := 1
	for n>>(8*size) != 0 {
		size++
	}
	b = append(b, byte(-112-size))
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(n>>(8*i)))
	}
	return b
}

// cutVInt reads what appendVInt wrote.
func cutVInt(b []byte) (n int, rest []byte, err error) {
	if len(b) == 0 {
		return 0, nil, errors.New("an integer is missing")
	}
	first := int8(b[0])
	if first >= 0 {
		return int(first), b[1:], nil
	}
	size := -112 - int(first)
	if size < 1 || size > 4 || len(b) < 1+size {
		return 0, nil, errors.New("an integer is negative, too long or cut off")
	}
	for _, c := range b[1 : 1+size] {
		n = n<<8 | int(c)
	}
	return n, b[1+size:], nil
}
