package server

import (
	"bytes"
	"testing"
)

// TestXattrValues holds decodeXattr against what Hadoop's XAttrCodec makes of the same text.
func TestXattrValues(t *testing.T) {
	for text, want := range map[string]string{
		"": "", `""`: "", `"`: `"`, `"a"`: "a", `"a`: `"a`, `a"`: `a"`, `"a"b"`: `a"b`, "plain": "plain", "x": "x", "é": "é",
		"0x": "", "0x6162": "ab", "0X6A": "j", "0s": "", "0sYWI=": "ab", "0SYWI": "ab", "0sYW I=": "ab", "0s!!": "", "0s_-8=": "\xff\xef",
		"0sYWI=YWI=": "ab", "0sY": "", "0sYWJjZ": "abc", "0": "0",
	} {
		got, err := decodeXattr(text)
		if err != nil || string(got) != want || (got == nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"0x6":      "org.apache.commons.codec.DecoderException: Odd number of characters.",
		"0xzz":     "org.apache.commons.codec.DecoderException: Illegal hexadecimal character z at index 0",
		"0x6162g1": "org.apache.commons.codec.DecoderException: Illegal hexadecimal character g at index 4",
	} {
		if got, err := decodeXattr(text); err == nil || explain(err).msg != want {
			t.Errorf("%q: %q, %v; want %s", text, got, err, want)
		}
	}
	for encoding, want := range map[string]string{"HEX": "0x61ff", "BASE64": "0sYf8=", "TEXT": "\"a\uFFFD\""} {
		if got := encodeXattr([]byte("a\xff"), encoding); got != want {
			t.Errorf("in %s: %s; want %s", encoding, got, want)
		}
	}
}

func FuzzXattrValue(f *testing.F) {
	for _, text := range []string{"0x6162", "0sYWI=", `"a"`, "plain", "0xé"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value, err := decodeXattr(text)
		if err != nil || value == nil {
			return
		}
		for _, encoding := range []string{"HEX", "BASE64"} {
			again, err := decodeXattr(encodeXattr(value, encoding))
			if err != nil || !bytes.Equal(again, value) {
				t.Errorf("%q is %q, but in %s %q: %v", text, value, encoding, again, err)
			}
		}
	})
}
