package s3

import (
	"strings"
	"testing"
)

func TestParsePlace(t *testing.T) {
	for text, want := range map[string]string{
		"s3://bucket":          "s3://bucket/",
		"s3://bucket/":         "s3://bucket/",
		"s3://bucket/a/b/":     "s3://bucket/a/b",
		"s3://bucket?region=x": "s3://bucket/?region=x", "s3://bucket/a%20%3f": "s3://bucket/a%20%3F",
		"s3://bucket/a?endpoint=https://s3.example.com:9000/": "s3://bucket/a?endpoint=https://s3.example.com:9000",
		"s3://bucket/a?endpoint=http%3A%2F%2F127.0.0.1":       "s3://bucket/a?endpoint=http://127.0.0.1",
	} {
		at, err := ParsePlace(text)
		if err != nil || at.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, at, err, want)
		}
		if again, err := ParsePlace(at.String()); err != nil || again.String() != want || again.Prefix != at.Prefix {
			t.Errorf("%s: %s, %v", at, again, err)
		}
	}
	for text, want := range map[string]string{
		"s3:bucket":                                     "does not begin with s3://",
		"https://bucket":                                "does not begin with s3://",
		"s3://":                                         "bucket",
		"s3://Bucket":                                   "bucket",
		"s3://b":                                        "bucket",
		"s3://id:secret@bucket":                         "credentials",
		"s3://bucket/%zzsecret":                         "is not a URL",
		"s3://bucket/../a":                              "prefix",
		"s3://bucket/a#b":                               "#",
		"s3://bucket?secret_key=secret":                 "secret_key",
		"s3://bucket?region=":                           "region",
		"s3://bucket?region=a&region=b":                 "region",
		"s3://bucket?%zz=secret":                        "cannot be read",
		"s3://bucket?endpoint=s3.example.com":           "endpoint",
		"s3://bucket?endpoint=ftp://s3.example.com":     "endpoint",
		"s3://bucket?endpoint=https://":                 "endpoint",
		"s3://bucket?endpoint=https://a:secret@example": "endpoint",
		"s3://bucket?endpoint=https://example/path":     "endpoint",
	} {
		at, err := ParsePlace(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(strings.ReplaceAll(err.Error(), "AWS_SECRET_ACCESS_KEY", ""), "=secret") || strings.Contains(err.Error(), ":secret") {
			t.Errorf("%s: %v, %v, want %q", text, at, err, want)
		}
	}
}
