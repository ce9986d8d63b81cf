package postgres

import (
	"errors"
	"os"
)

// otherServers are variables that say how pgx, like PostgreSQL's own library, is to reach some other server, and that no part of a URL
// overrides: an unknown service alone keeps everybody from connecting.
var otherServers = []string{
	"PGSERVICE", "PGSERVICEFILE", "PGREQUIREAUTH", "PGCHANNELBINDING", "PGTARGETSESSIONATTRS", "PGOPTIONS", "PGTZ", "PGCONNECT_TIMEOUT",
	"PGMINPROTOCOLVERSION", "PGMAXPROTOCOLVERSION", "PGSSLMODE", "PGSSLCERTMODE", "PGSSLNEGOTIATION",
}

// forgetOthers takes them out of this process, which connects to its private server again and again, by many ways.
func forgetOthers() error {
	var errs []error
	for _, name := range otherServers {
		errs = append(errs, os.Unsetenv(name))
	}
	return errors.Join(errs...)
}
