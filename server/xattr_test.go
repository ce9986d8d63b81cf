package server

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestXattrValues compares decodeXattr with Hadoop's XAttrCodec.
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

// TestAttributesAreNotHeld: if an attribute is asked for many times, the answer is written while it is made.
func TestAttributesAreNotHeld(t *testing.T) {
	h := newHouse(t, simple)
	const target, many = "/webhdfs/v1/user/ada/f?op=", maxPairs - 3 // besides the operation, the encoding and the user
	h.do("PUT", target+"CREATE&data=true", "x", h.as("ada")).want(t, 201, "")
	value := strings.Repeat("%01", 8<<10)
	h.do("PUT", target+"SETXATTR&xattr.name=user.a&flag=CREATE&xattr.value="+value, "", h.as("ada")).want(t, 200, "")
	a := h.do("GET", target+"GETXATTRS&encoding=text"+strings.Repeat("&xattr.name=user.a", many), "", h.as("ada"))
	var got struct {
		XAttrs []struct{ Name, Value string }
	}
	must(t, json.Unmarshal([]byte(a.body), &got))
	if a.StatusCode != 200 || a.ContentLength != -1 || len(got.XAttrs) != many {
		t.Errorf("%d, %d bytes announced, %d attributes; want %d, and nothing announced", a.StatusCode, a.ContentLength, len(got.XAttrs), many)
	}
	for _, x := range got.XAttrs {
		if x.Name != "user.a" || x.Value != `"`+strings.Repeat("\x01", 8<<10)+`"` {
			t.Fatalf("%s is %.20q", x.Name, x.Value)
		}
	}
	if one := h.do("GET", target+"GETXATTRS&encoding=text", "", h.as("ada")); one.ContentLength != int64(len(one.body)) {
		t.Errorf("one: %d bytes, and %d are announced", len(one.body), one.ContentLength)
	}
}

// TestNamesOfAttributesAreOneLine: HDFS accepts no others, and a list by lines would show two names.
func TestNamesOfAttributesAreOneLine(t *testing.T) {
	h := newHouse(t, simple)
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE&data=true", "x", h.as("ada")).want(t, 201, "")
	for _, end := range []string{"%0A", "%0D", "%C2%85", "%E2%80%A8", "%E2%80%A9"} {
		query := "&flag=CREATE&xattr.name=user.a" + end + "b"
		h.do("PUT", "/webhdfs/v1/user/ada/f?op=SETXATTR"+query, "", h.as("ada")).want(t, 400, `Invalid value for webhdfs parameter \"xattr.name\": Invalid value: \"user.a`)
		h.do("PUT", "/api/v1/fs/set-x-attr?path=/user/ada/f"+query, "", h.as("ada")).want(t, 400, "Invalid argument")
	}
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=SETXATTR&flag=CREATE&xattr.name=user.a%0Bb", "", h.as("ada")).want(t, 200, "")
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
