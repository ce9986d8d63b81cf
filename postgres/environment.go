package postgres

import (
	"errors"
	"os"
)

// otherServers are variables by which pgx, like PostgreSQL's own library, is told how to reach some other server, and
// which no part of a URL overrides: an unknown service alone makes every connection fail.
var otherServers = []string{
	"PGSERVICE", "PGSERVICEFILE", "PGREQUIREAUTH", "PGCHANNELBINDING", "PGTARGETSESSIONATTRS", "PGOPTIONS", "PGTZ", "PGCONNECT_TIMEOUT",
	"PGMINPROTOCOLVERSION", "PGMAXPROTOCOLVERSION", "PGSSLMODE", "PGSSLCERTMODE", "PGSSLNEGOTIATION",
}

// forgetOthers unsets them in this process, which connects to its private server again and again, in many ways.
func forgetOthers() error {
	var errs []error
	for _, name := range otherServers {
		errs = append(errs, os.Unsetenv(name))
	}
	return errors.Join(errs...)
}
