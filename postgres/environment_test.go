package postgres

import (
	"path/filepath"
	"testing"
)

// What the environment says of other servers is not about the private one.
func TestVariablesOfOtherServers(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	run(t, Config{Data: data})
	others := map[string]string{
		"PGSERVICE": "elsewhere", "PGREQUIREAUTH": "scram-sha-256", "PGCHANNELBINDING": "require", "PGTARGETSESSIONATTRS": "standby",
		"PGOPTIONS": "-c search_path=elsewhere", "PGTZ": "Mars", "PGCONNECT_TIMEOUT": "soon", "PGMINPROTOCOLVERSION": "9.9", "PGMAXPROTOCOLVERSION": "0",
		"PGSSLMODE": "verify-full", "PGSSLCERTMODE": "",
	}
	for name, value := range others {
		t.Setenv(name, value)
		url, ok := Attach(data)
		if !ok {
			t.Errorf("%s=%s: no server is found", name, value)
			continue
		}
		if got := query[string](t, url, "SELECT concat_ws(' ', current_setting('search_path'), current_setting('timezone'))"); got != `"$user", public UTC` {
			t.Errorf("%s=%s: search path and time zone are %s", name, value, got)
		}
	}
	for name, value := range others {
		t.Setenv(name, value)
	}
	run(t, Config{Data: filepath.Join(reachable(t), "data")})
}
