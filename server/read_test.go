package server

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestDamageIsToldBeforeTheAnswerBegins: if a file is damaged or missing from its first byte, the answer is an error with words, not a
// file that breaks off. Damage that is found later breaks the answer off.
func TestDamageIsToldBeforeTheAnswerBegins(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	piece := strings.Repeat("0123456789", 10_000) // long enough for a block of its own
	for _, name := range []string{"gone", "later"} {
		h.do("PUT", "/webhdfs/v1/example/"+name+"?op=CREATE&data=true", piece, h.as("ada")).want(t, 201, "")
	}
	h.do("PUT", "/webhdfs/v1/example/row?op=CREATE&data=true", "a row", h.as("ada")).want(t, 201, "")
	h.do("POST", "/webhdfs/v1/example/later?op=APPEND&data=true", piece, h.as("ada")).want(t, 200, "")
	const of = ` WHERE inode_id = (SELECT id FROM inodes WHERE name = '`
	h.exec(`UPDATE extents SET block_id = gen_random_uuid()` + of + `gone')`)
	h.exec(`UPDATE extents SET block_id = gen_random_uuid()` + of + `later') AND off > 0`)
	h.exec(`UPDATE contents SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)` + of + `row')`)
	next := h.nextDoor() // whose caches are empty
	for _, name := range []string{"gone", "row"} {
		for _, span := range []string{"", "bytes=2-4"} {
			a := next.do("GET", "/webhdfs/v1/example/"+name+"?op=OPEN", "", h.as("ada"), header("Range", span))
			a.want(t, http.StatusInternalServerError, `"message":"Internal error; the log names it by the request id."`)
			for _, of := range []string{"Content-Range", "Etag", "Accept-Ranges", "Content-Disposition"} {
				if got := a.Header.Get(of); got != "" {
					t.Errorf("a file that is damaged has %s: %s", of, got)
				}
			}
			next.do("GET", apiPrefix+"open?path=/example/"+name, "", h.as("ada"), header("Range", span)).problem(t, http.StatusInternalServerError, "the log names it")
		}
		next.do("HEAD", apiPrefix+"open?path=/example/"+name, "", h.as("ada")).want(t, 200, "")
		next.do("GET", "/webhdfs/v1/example/"+name+"?op=OPEN&length=0", "", h.as("ada")).want(t, 200, "")
	}
	if !strings.Contains(next.log.String(), "block does not exist") || !strings.Contains(next.log.String(), "block is corrupt") {
		t.Errorf("the log does not say what is wrong: %s", next.log)
	}
	next.do("GET", "/webhdfs/v1/example/later?op=OPEN&length=100000", "", h.as("ada")).want(t, 200, piece[:20])
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, next.url+apiPrefix+"open?path=/example/later", nil)
	must(t, err)
	h.as("ada")(r)
	a, err := client.Do(r)
	must(t, err)
	defer a.Body.Close()
	if text, err := io.ReadAll(a.Body); err == nil || a.StatusCode != 200 || len(text) < 90_000 {
		t.Errorf("%d, %d bytes, %v; want a file that breaks off behind the first block", a.StatusCode, len(text), err)
	}
}
