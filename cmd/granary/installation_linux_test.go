package main

import (
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sys/unix"
)

// A restore sends whole tables, and a database whose disk is busy for half a minute reads nothing of them meanwhile. Others give up a host by then.
func TestWhoWaitsForABusyDatabase(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for patient, limited := range map[bool]bool{true: false, false: true} {
		config, err := pgxpool.ParseConfig("postgres://granary@" + listener.Addr().String() + "/granary")
		if err != nil {
			t.Fatal(err)
		}
		options{patient: patient}.guard(config)
		conn, err := config.ConnConfig.DialFunc(t.Context(), "tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		raw, err := conn.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		limit := 0
		if failed := raw.Control(func(fd uintptr) { limit, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) }); failed != nil || err != nil {
			t.Fatal(failed, err)
		}
		if (limit > 0) != limited {
			t.Errorf("who waits, %t, gives up what was not read for %d ms", patient, limit)
		}
	}
}
