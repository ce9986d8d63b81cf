package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	write "granary/tfevents/tfeventstest"
)

// longCurves has ada write curves whose answer takes several megabytes, more than sockets hold, and returns the target to ask for.
func (h *house) longCurves() (target string) {
	h.t.Helper()
	records := [][]byte{write.Version()}
	for i := range 10_000 {
		records = append(records, write.Event(1000.123456+float64(i)*1.2345, int64(i), write.Simple("loss", float32(i)*1.1234567)))
	}
	content := slices.Concat(records...)
	target = restPrefix + "/scalars" + askLogs + "&tag=loss&points=10000"
	for i := range 25 {
		h.train(fmt.Sprintf("r%d/tfevents.1", i), false, content)
		target += fmt.Sprintf("&run=r%d", i)
	}
	return target
}

// begin asks for target, and reads only the status of the answer.
func (h *house) begin(user, target string) (conn *net.TCPConn, status int) {
	h.t.Helper()
	conn = h.dial()
	must(h.t, conn.SetReadBuffer(4<<10))
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", target, h.authorized(user))
	must(h.t, err)
	var line [12]byte
	_, err = io.ReadFull(conn, line[:])
	must(h.t, err)
	_, err = fmt.Sscanf(string(line[:]), "HTTP/1.1 %d", &status)
	must(h.t, err)
	return conn, status
}

// A user who asks for long answers and does not read them ("slow read", the reverse of Slowloris) fills the memory with the answers
// that are held.
func TestAttackSlowRead(t *testing.T) {
	h := newTraining(t)
	target := h.longCurves()
	l := h.handler.(*Server).limits
	var slow []*net.TCPConn
	begin := func(user string, want int) {
		t.Helper()
		conn, status := h.begin(user, target)
		if slow = append(slow, conn); status != want {
			t.Fatalf("%s is answered %d; want %d", user, status, want)
		}
	}
	for range 6 { // answers that are held do not keep others from being made, within the bounds
		begin("bob", 200)
	}
	held := l.held[forAnswers].Load()
	l.rooms[forAnswers].each, l.rooms[forAnswers].all = held, held+held/5 // room for one more answer
	begin("bob", 429)
	begin("ada", 200)
	begin("root", 503)
	for _, conn := range slow {
		must(t, conn.Close())
	}
	for deadline := time.Now().Add(30 * time.Second); l.held[forAnswers].Load() != 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes are held at the end", l.held[forAnswers].Load())
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok") // paces the loop
	}
	h.do("GET", target, "", h.as("bob")).want(t, 200, "")
}

// TestAnswersAreHeldWithinBounds: long answers are bounded, for one user and for all, but a change is always answered.
func TestAnswersAreHeldWithinBounds(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	l := h.handler.(*Server).limits
	const page, me = "/webhdfs/v1/example?op=LISTSTATUS_BATCH", restPrefix + "/users/me"
	l.rooms[forAnswers].each, l.rooms[forAnswers].all = 1, 1
	h.do("GET", page, "", h.as("ada")).want(t, 200, "hello.txt") // it is short
	l.rooms[forAnswers].little = 0
	h.do("GET", page, "", h.as("ada")).want(t, 429, "for one user")
	h.do("GET", me, "", h.as("ada")).problem(t, 429, "for one user")
	h.do("HEAD", me, "", h.as("ada")).want(t, 200, "")
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	l.rooms[forAnswers].each = 1 << 20
	if a := h.do("GET", me, "", h.as("ada")); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") != "1" {
		t.Errorf("beyond what all may: %d %s", a.StatusCode, a.body)
	}
	l.rooms[forAnswers].all = 1 << 20
	h.do("GET", me, "", h.as("ada")).want(t, 200, "ada")
	if n := l.held[forAnswers].Load() + l.of("ada").held[forAnswers].Load(); n != 0 {
		t.Errorf("%d bytes are held at the end", n)
	}
}

// Curves are made for only a few requests at a time: before they are text they take several times the memory, and finding the
// runs lists many directories.
func TestCurvesAreMadeForFewAtATime(t *testing.T) {
	h := newTraining(t)
	h.train("lr/tfevents.1", false, write.Version(), write.Event(1000, 1, write.Simple("loss", 4)))
	var leaves []func()
	for within, cancel := context.WithTimeout(t.Context(), time.Second); ; {
		leave, err := h.handler.(*Server).curves.Enter(within, "bob")
		if err != nil {
			cancel()
			break
		}
		leaves = append(leaves, leave)
	}
	for _, question := range []string{"/runs" + askLogs, "/runs/any" + askLogs, "/runs/tags" + askLogs, "/scalars" + askLogs + "&tag=loss", "/images" + askLogs + "&run=lr&tag=loss"} {
		h.ask("ada", "GET", question, "", 200, nil)
		conn := h.dial()
		_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", restPrefix+question, h.authorized("bob"))
		must(t, err)
		must(t, conn.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
		if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
			t.Errorf("%s is answered %q while bob has all his places", question, line)
		}
		must(t, conn.Close())
	}
	for _, leave := range leaves {
		leave()
	}
	h.ask("bob", "GET", "/scalars"+askLogs+"&tag=loss", "", 200, nil)
}
