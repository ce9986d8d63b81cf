package auth

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestHadoopDelegationHoldsTheToken(t *testing.T) {
	for _, token := range []string{"a", "head.claims.signature", strings.Repeat("x", 127), strings.Repeat("y", 128), strings.Repeat("z", 70_000)} {
		sent := HadoopDelegation(token, KindWebHDFS, "127.0.0.1:9870")
		if len(token) > 2*maxToken {
			if got := TokenOf(sent); got != sent {
				t.Errorf("an oversized envelope of %d bytes was opened", len(sent))
			}
			continue
		}
		if got := TokenOf(sent); got != token {
			t.Errorf("%d bytes: got %q back", len(token), got)
		}
	}
}

func TestTokenOfLeavesOtherTextAlone(t *testing.T) {
	whole, err := base64.RawURLEncoding.DecodeString(HadoopDelegation("tok", KindSWebHDFS, "h:1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"", "a.b.c", "not base64!", "AAAA",
		base64.RawURLEncoding.EncodeToString(append(bytes.Clone(whole), 0)),
		base64.RawURLEncoding.EncodeToString(whole[:len(whole)-1]),
		base64.RawURLEncoding.EncodeToString([]byte{0x80}),
		base64.RawURLEncoding.EncodeToString([]byte{0x8c, 0xff, 0xff, 0xff, 0xff}),
	} {
		if got := TokenOf(text); got != text {
			t.Errorf("TokenOf(%q) = %q", text, got)
		}
	}
}

// The bytes are those that Credentials.writeTokenStorageToStream of Hadoop 3.4.2 writes for the same tokens.
func TestHadoopTokenFile(t *testing.T) {
	for _, c := range []struct {
		kind     string
		services []string
		want     string
	}{
		{KindWebHDFS, []string{"127.0.0.1:9870"}, "HDTS\x00\x01\x0e127.0.0.1:9870\x03jwt\x00\x12WEBHDFS delegation\x0e127.0.0.1:9870\x00"},
		{KindSWebHDFS, []string{"g:1", "10.0.0.1:1"}, "HDTS\x00\x02" +
			"\x03g:1\x03jwt\x00\x13SWEBHDFS delegation\x03g:1" + "\x0a10.0.0.1:1\x03jwt\x00\x13SWEBHDFS delegation\x0a10.0.0.1:1\x00"},
	} {
		got, err := HadoopTokenFile("jwt", c.kind, c.services...)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
	for _, services := range [][]string{nil, {"nowhere"}, {"g:1", "nowhere"}} {
		if _, err := HadoopTokenFile("jwt", KindWebHDFS, services...); err == nil {
			t.Errorf("a file for the services %q was made", services)
		}
	}
}

func FuzzTokenOf(f *testing.F) {
	f.Add(HadoopDelegation("tok", KindSWebHDFS, "h:1"))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, text string) { TokenOf(text) })
}
