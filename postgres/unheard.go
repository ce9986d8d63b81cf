package postgres

import (
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// unheard is how long a host may acknowledge nothing of what was sent to it. Linux by itself sends again for a quarter of an hour: for so
// long, statements without a deadline would wait for a host that was lost in a failover.
const unheard = 30 * time.Second

// GiveUpUnheard makes connections of config by TCP fail, and so be made anew, when the host is not heard of any more.
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
