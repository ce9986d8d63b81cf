package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
)

// A Mismatch is one field of one reply in which two servers differ.
type Mismatch struct {
	Request string
	Hop     int    // 0 is the reply to the request itself, 1 the reply to the first arrow
	Field   string // "request", "replies", "status", "header NAME", "content", "json" or "json.MEMBER.MEMBER"
	Want    string // HDFS's
	Got     string

	want, got Reply // the whole replies, for differences that excuse a reply as a whole
}

// String shows both values, one below the other.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s\n\thop %d, %s\n\twant %s\n\tgot  %s", m.Request, m.Hop, m.Field, m.Want, m.Got)
}

// Compare lists the fields in which got differs from want, in the order of the script. Data that HDFS sends on the second
// hop of a read may come at once: docs/differences.md, direct-reads.
func Compare(want, got []Answer) []Mismatch {
	var all []Mismatch
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			all = append(all, Mismatch{Request: got[i].Request, Field: "request", Want: "no recorded answer", Got: got[i].Request})
		case i >= len(got):
			all = append(all, Mismatch{Request: want[i].Request, Field: "request", Want: want[i].Request, Got: "no such line in the script"})
		case want[i].Request != got[i].Request:
			all = append(all, Mismatch{Request: got[i].Request, Field: "request", Want: want[i].Request, Got: got[i].Request})
		default:
			all = append(all, compareAnswer(want[i].direct(got[i]), got[i])...)
		}
	}
	return all
}

// reads matches the requests whose data Granary may send without a redirect.
var reads = regexp.MustCompile(`^\S+ GET \S*[?&]op=OPEN\b\S*( \[[^\]]*\])* ->`)

// direct returns a without its redirect if the request is a read that got answers at once.
func (a Answer) direct(got Answer) Answer {
	if !reads.MatchString(a.Request) || len(a.Replies) < 2 || len(got.Replies) != 1 || a.Replies[0].Status != http.StatusTemporaryRedirect {
		return a
	}
	return Answer{Request: a.Request, Replies: a.Replies[1:2]}
}

func compareAnswer(want, got Answer) []Mismatch {
	var all []Mismatch
	if len(want.Replies) != len(got.Replies) {
		all = append(all, Mismatch{
			Request: want.Request, Field: "replies",
			Want: fmt.Sprint(len(want.Replies)), Got: fmt.Sprint(len(got.Replies)),
		})
	}
	for hop := range min(len(want.Replies), len(got.Replies)) {
		for _, d := range compareReply(want.Replies[hop], got.Replies[hop]) {
			d.Request, d.Hop = want.Request, hop
			d.want, d.got = want.Replies[hop], got.Replies[hop]
			all = append(all, d)
		}
	}
	return all
}

func compareReply(want, got Reply) []Mismatch {
	var all []Mismatch
	differ := func(field, w, g string) {
		if w != g {
			all = append(all, Mismatch{Field: field, Want: w, Got: g})
		}
	}
	differ("status", fmt.Sprint(want.Status), fmt.Sprint(got.Status))
	names := maps.Clone(want.Header)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, got.Header)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		differ("header "+name, want.Header[name], got.Header[name])
	}
	differ("content", want.Content, got.Content)
	return append(all, compareValue("json", want.JSON, got.JSON)...)
}

// compareValue descends into objects, so that a mismatch names the member that differs.
func compareValue(field string, want, got json.RawMessage) []Mismatch {
	w, wok := members(want)
	g, gok := members(got)
	if !wok || !gok {
		if bytes.Equal(want, got) {
			return nil
		}
		return []Mismatch{{Field: field, Want: orAbsent(want), Got: orAbsent(got)}}
	}
	names := maps.Clone(w)
	maps.Copy(names, g)
	var all []Mismatch
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all = append(all, compareValue(field+"."+name, w[name], g[name])...)
	}
	return all
}

// members returns the members of a JSON object, and whether text is one.
func members(text json.RawMessage) (map[string]json.RawMessage, bool) {
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil, false
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, false
	}
	return m, true
}

// orAbsent distinguishes a member that is missing from one that is null.
func orAbsent(text json.RawMessage) string {
	if text == nil {
		return "(absent)"
	}
	return string(text)
}
