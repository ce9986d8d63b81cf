package postgres

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// giveUpUnheard makes a socket fail when what was sent on it has not been acknowledged for unheard.
func giveUpUnheard(_, _ string, raw syscall.RawConn) error {
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unheard.Milliseconds()))
	})
	if err == nil {
		err = failed
	}
	return err
}
