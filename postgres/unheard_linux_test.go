package postgres

import (
	"context"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sys/unix"
)

// TestGiveUpUnheard looks at the option of a socket that is made for a database elsewhere.
func TestGiveUpUnheard(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	config, err := pgxpool.ParseConfig("postgres://granary@" + listener.Addr().String() + "/granary")
	if err != nil {
		t.Fatal(err)
	}
	GiveUpUnheard(config)
	conn, err := config.ConnConfig.DialFunc(context.Background(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	if failed := raw.Control(func(fd uintptr) { got, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) }); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	if got != int(unheard.Milliseconds()) {
		t.Errorf("it gives up after %d ms", got)
	}
}
