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

// The bytes are those that Credentials.writeTokenStorageToStream of Hadoop 3.4.2 writes for the same token.
func TestHadoopTokenFile(t *testing.T) {
	got, err := HadoopTokenFile("jwt", "127.0.0.1:9870")
	if err != nil {
		t.Fatal(err)
	}
	want := "HDTS\x00\x01\x0e127.0.0.1:9870\x03jwt\x00\x12WEBHDFS delegation\x0e127.0.0.1:9870\x00"
	if string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if _, err := HadoopTokenFile("jwt", "nowhere"); err == nil {
		t.Error("a service without a port was taken")
	}
}

func FuzzTokenOf(f *testing.F) {
	f.Add(HadoopDelegation("tok", KindSWebHDFS, "h:1"))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, text string) { TokenOf(text) })
}
