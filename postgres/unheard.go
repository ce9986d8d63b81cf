package postgres

import (
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// unheard is how long a host may leave unacknowledged what was sent to it. By default Linux retransmits for a quarter
// of an hour, and for so long statements without a deadline would wait for a host that was lost in a failover.
const unheard = 30 * time.Second

// GiveUpUnheard makes TCP connections of config fail, and so be made anew, when nothing is heard from the host any
// more. They also fail while the host is heard, but its PostgreSQL reads nothing of some megabytes that were sent to it,
// since Linux does not tell the two apart: it is not for those who send as much and can wait.
func GiveUpUnheard(config *pgxpool.Config) {
	if strings.HasPrefix(config.ConnConfig.Host, "/") {
		return // a socket on this machine
	}
	dialer := &net.Dialer{
		Timeout:         unheard,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: unheard, Interval: unheard / 3, Count: 3},
		Control:         giveUpUnheard,
	}
	config.ConnConfig.DialFunc = dialer.DialContext
}
