package server

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// tusClient does what a client of tus 1.0.0 does.
type tusClient struct {
	*house
	user, at string
}

func (h *house) tus(user, query string, length int, options ...func(*http.Request)) (tusClient, answer) {
	h.t.Helper()
	options = append(options, h.as(user), header(tusResumable, tusVersion), header(uploadLength, strconv.Itoa(length)))
	a := h.do("POST", restPrefix+uploadsPath+"?"+query, "", options...)
	return tusClient{h, user, a.Header.Get("Location")}, a
}

func (c tusClient) offset() string {
	c.t.Helper()
	a := c.do("HEAD", c.at, "", c.as(c.user), header(tusResumable, tusVersion))
	if a.StatusCode != 200 || a.Header.Get(tusResumable) != tusVersion || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		c.t.Errorf("HEAD: %d %v", a.StatusCode, a.Header)
	}
	return a.Header.Get(uploadOffset) + " of " + a.Header.Get(uploadLength)
}

func (c tusClient) patch(offset int, text string, options ...func(*http.Request)) answer {
	c.t.Helper()
	options = append([]func(*http.Request){c.as(c.user), header(tusResumable, tusVersion), header(uploadOffset, strconv.Itoa(offset)), header("Content-Type", uploadPart)}, options...)
	return c.do("PATCH", c.at, text, options...)
}

// TestUploadsAsTusHasThem follows the protocol (tus.io/protocols/resumable-upload, 1.0.0).
func TestUploadsAsTusHasThem(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	options := h.do("OPTIONS", restPrefix+uploadsPath, "")
	if options.StatusCode != 204 || options.Header.Get("Tus-Version") != tusVersion || options.Header.Get("Tus-Extension") != "creation,expiration,termination" {
		t.Errorf("OPTIONS: %d %v", options.StatusCode, options.Header)
	}
	c, a := h.tus("ada", "path=/example/new/part.bin&permission=600", 10)
	a.want(t, 201, `"offset":0`)
	if a.Header.Get(uploadOffset) != "0" || a.Header.Get(uploadExpires) == "" || !strings.HasPrefix(c.at, restPrefix+uploadsPath+"/") {
		t.Errorf("POST: %v", a.Header)
	}
	if a := c.patch(0, "hello"); a.StatusCode != 204 || a.Header.Get(uploadOffset) != "5" || a.Header.Get("Etag") != "" {
		t.Errorf("PATCH: %d %v %s", a.StatusCode, a.Header, a.body)
	}
	if got := c.offset(); got != "5 of 10" {
		t.Errorf("HEAD: %s", got)
	}
	c.patch(0, "hello").problem(t, 409, "5 bytes have come")
	c.patch(5, "more than it was").problem(t, 400, "only 5 are left")
	c.patch(5, "x", header("Content-Type", "application/octet-stream")).problem(t, 415, uploadPart)
	c.patch(5, "x", header(uploadOffset, "five")).problem(t, 400, uploadOffset)
	c.patch(5, "x", header(tusResumable, "0.2.2")).problem(t, 412, "tus 1.0.0")
	if p := c.patch(5, "x", header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")).problem(t, 400, "carried out again"); strings.Contains(p.Detail, "secret") {
		t.Errorf("a part is refused for the sake of a secret: %s", p.Detail)
	}
	h.do("GET", apiPrefix+"open?path=/example/new/part.bin", "", h.as("ada")).want(t, 404, "")
	last := c.patch(5, "world")
	if last.StatusCode != 204 || last.Header.Get(uploadOffset) != "10" || last.Header.Get("Etag") != h.etag("/example/new/part.bin") {
		t.Errorf("the last PATCH: %d %v %s", last.StatusCode, last.Header, last.body)
	}
	h.do("GET", apiPrefix+"open?path=/example/new/part.bin", "", h.as("ada")).want(t, 200, "helloworld")
	if again := c.patch(5, "world"); again.StatusCode != 204 || again.Header.Get(uploadOffset) != "10" || again.Header.Get("Etag") != last.Header.Get("Etag") {
		t.Errorf("the last PATCH, sent again: %d %v %s", again.StatusCode, again.Header, again.body)
	}
	c.patch(0, "hello").problem(t, 409, "10 bytes have come")
	c.patch(10, "more").problem(t, 400, "only 0 are left")
	if got := c.offset(); got != "10 of 10" {
		t.Errorf("HEAD afterwards: %s", got)
	}
	var u Upload
	a = h.do("GET", c.at, "", h.as("ada"))
	must(t, json.Unmarshal([]byte(a.body), &u))
	if !u.Done || u.Path != "/example/new/part.bin" {
		t.Errorf("%+v", u)
	}
	h.do("DELETE", c.at, "", h.as("ada")).problem(t, 409, "is complete")

	c, _ = h.tus("ada", "path=/example/other.bin", 10)
	h.do("DELETE", c.at, "", h.as("ada")).want(t, 204, "")
	h.do("HEAD", c.at, "", h.as("ada")).want(t, 404, "")
	h.do("PATCH", restPrefix+uploadsPath+"/none", "x", h.as("ada"), header(uploadOffset, "0"), header("Content-Type", uploadPart)).problem(t, 404, "no upload")
}

// Some of a part that was cut off may be kept, so the client must not send it again from its beginning, as with other bodies.
// After a 409, unlike after most other statuses 4xx, clients of tus resume by themselves.
func TestAPartThatIsCutOff(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const kept = 64 << 20
	c, a := h.tus("ada", "path=/example/long", kept+10)
	a.want(t, 201, "")
	for _, come := range []int{0, kept} {
		sent := come + 5
		conn := h.dial()
		fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: x\r\n%s\r\n%s: 0\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", c.at, h.authorized("ada"), uploadOffset, uploadPart, kept+10)
		for left := sent; left > 0; left -= 1 << 20 {
			_, err := conn.Write(make([]byte, min(left, 1<<20)))
			must(t, err)
		}
		must(t, conn.CloseWrite())
		if a := h.receive(bufio.NewReader(conn)); a.StatusCode != 409 || !strings.Contains(a.body, fmt.Sprintf("; %d bytes of the upload have come, go on from there", come)) {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		if got, want := c.offset(), fmt.Sprintf("%d of %d", come, kept+10); got != want {
			t.Fatalf("HEAD: %s, want %s", got, want)
		}
	}
}

func TestUploadsUnderACondition(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	_, a := h.tus("ada", "path=/example/hello.txt", 3, noneMatch("*"))
	a.problem(t, 412, "")
	_, a = h.tus("ada", "path=/example/x", 3, noneMatch(`"1-1"`))
	a.problem(t, 400, "the only condition")
	_, a = h.tus("ada", "path=/example/x", 3, noneMatch(""))
	a.problem(t, 400, "the only condition")
	_, a = h.tus("ada", "path=/example/x", 3, match("*"))
	a.problem(t, 400, ifMatch)
	_, a = h.tus("ada", "path=/example/x", -1)
	a.problem(t, 400, uploadLength)
	c, a := h.tus("ada", "path=/example/x", 3, noneMatch("*"))
	a.want(t, 201, "")
	h.do("PUT", apiPrefix+"create?path=/example/x", "quicker", h.as("ada")).want(t, 201, "")
	c.patch(0, "new", noneMatch("*")).problem(t, 412, "")
	h.do("GET", apiPrefix+"open?path=/example/x", "", h.as("ada")).want(t, 200, "quicker")
	c.patch(0, "new").want(t, 204, "")
	h.do("GET", apiPrefix+"open?path=/example/x", "", h.as("ada")).want(t, 200, "new")
}

// TestAnUploadOfNothing is complete at once: for an empty file, tus-js-client sends no part.
func TestAnUploadOfNothing(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	c, a := h.tus("ada", "path=/example/new/empty&permission=600", 0, noneMatch("*"))
	a.want(t, 201, `"length":0,"offset":0,"done":true}`)
	if a.Header.Get(uploadOffset) != "0" || a.Header.Get(uploadLength) != "0" || a.Header.Get("Etag") != h.etag("/example/new/empty") || !strings.HasPrefix(c.at, restPrefix+uploadsPath+"/") {
		t.Errorf("POST: %v", a.Header)
	}
	h.do("GET", apiPrefix+"get-file-status?path=/example/new/empty", "", h.as("ada")).want(t, 200, `"permission":"600"`)
	h.do("HEAD", c.at, "", h.as("ada")).want(t, 404, "")
	_, a = h.tus("ada", "path=/example/new/empty", 0, noneMatch("*"))
	a.problem(t, 412, "")
	_, a = h.tus("bob", "path=/example/bobs", 0)
	a.problem(t, 403, "")
}

// TestUploadsByPOST plays clients that can send neither PATCH nor DELETE.
func TestUploadsByPOST(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	c, a := h.tus("ada", "path=/example/x", 3)
	a.want(t, 201, "")
	h.do("POST", c.at, "new", h.as("ada"), header(methodOverride, "PATCH"), header(uploadOffset, "0"), header("Content-Type", uploadPart)).want(t, 204, "")
	h.do("GET", apiPrefix+"open?path=/example/x", "", h.as("ada")).want(t, 200, "new")
	c, _ = h.tus("ada", "path=/example/y", 3)
	h.do("POST", c.at, "", h.as("bob"), header(methodOverride, "DELETE")).problem(t, 404, "no upload")
	for _, method := range []string{"", "GET", "POST", "PUT"} {
		a := h.do("POST", c.at, "", h.as("ada"), header(methodOverride, method))
		if a.problem(t, 405, "POST is not offered"); a.Header.Get("Allow") != "GET, HEAD, PATCH, DELETE" {
			t.Errorf("%s: Allow: %s", method, a.Header.Get("Allow"))
		}
	}
	secret := h.signedIn()
	signed := named(loopbackCookie, secret)
	h.do("POST", c.at, "", signed, header(methodOverride, "DELETE")).problem(t, 400, forgeryHeader)
	if got := c.offset(); got != "0 of 3" {
		t.Errorf("what is left is %s", got)
	}
	h.do("POST", c.at, "", h.as("ada"), header(methodOverride, "DELETE")).want(t, 204, "")
	h.do("HEAD", c.at, "", h.as("ada")).want(t, 404, "")
}

// TestALookReplacesWhatSomebodySaysIsToBeReplaced does what the file manager does if a name is taken while its parts arrive.
func TestALookReplacesWhatSomebodySaysIsToBeReplaced(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	c, a := h.tus("ada", "path=/example/x", 3, noneMatch("*"))
	a.want(t, 201, "")
	conn := h.dial()
	from := bufio.NewReader(conn)
	fmt.Fprint(conn, "PATCH "+c.at+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+h.token("ada")+"\r\n"+uploadOffset+": 0\r\nContent-Type: "+uploadPart+
		"\r\nIf-None-Match: *\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
	if line, err := from.ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") {
		t.Fatalf("%q, %v before there is anything", line, err)
	}
	_, err := from.ReadString('\n')
	must(t, err)
	h.do("PUT", apiPrefix+"create?path=/example/x", "quicker", h.as("ada")).want(t, 201, "")
	fmt.Fprint(conn, "new")
	if a := h.receive(from); a.StatusCode != 412 {
		t.Fatalf("%d %s when the name was taken", a.StatusCode, a.body)
	}
	c.patch(3, "", match("*")).problem(t, 400, ifMatch)
	look := func(options ...func(*http.Request)) answer {
		return h.do("GET", c.at, "", append(options, h.as("ada"))...)
	}
	look().problem(t, 412, "")
	look(match(`"1-1"`)).problem(t, 400, "the only condition")
	h.do("GET", apiPrefix+"open?path=/example/x", "", h.as("ada")).want(t, 200, "quicker")
	look(match("*")).want(t, 200, `"done":true`)
	h.do("GET", apiPrefix+"open?path=/example/x", "", h.as("ada")).want(t, 200, "new")
}

func TestUploadsAreNobodyElses(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	c, a := h.tus("ada", "path=/example/x", 3)
	a.want(t, 201, "")
	other := tusClient{h, "bob", c.at}
	other.patch(0, "new").problem(t, 404, "no upload")
	h.do("GET", c.at, "", h.as("bob")).problem(t, 404, "no upload")
	h.do("DELETE", c.at, "", h.as("bob")).problem(t, 404, "no upload")
	h.do("GET", c.at, "").want(t, 401, "")
	reader := h.do("POST", restPrefix+"/tokens", `{"kind":"token","expiresIn":60,"verbs":["read"]}`, h.as("ada"))
	var made struct{ Secret, Token string }
	must(t, json.Unmarshal([]byte(reader.body), &made))
	for _, method := range []string{"PATCH", "DELETE"} {
		a := h.do(method, c.at, "x", bearer(made.Secret+made.Token), header(uploadOffset, "0"), header("Content-Type", uploadPart))
		if a.StatusCode != 403 {
			t.Errorf("%s by a token that reads: %d %s", method, a.StatusCode, a.body)
		}
	}
}
