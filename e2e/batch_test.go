//go:build e2e

package e2e

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// TestBatchesAreTarArchives: the programs that read such read what a batch is answered with, as it comes.
func TestBatchesAreTarArchives(t *testing.T) {
	alice := byToken.as(t, "alice")
	for _, file := range []string{"1.csv", "2.csv"} {
		alice.want(http.StatusCreated, "PUT", "/webhdfs/v1/user/alice/batch/"+file+"?op=CREATE&data=true", strings.NewReader("of "+file))
	}
	batch := alice.want(http.StatusOK, "POST", "/api/v1/fs/batch-read",
		strings.NewReader(`{"paths":["/user/alice/batch/2.csv","/nothing","/user/alice/batch/1.csv"]}`))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"tar": {[]string{"sh", "-c", `tar -x --exclude=__granary__ && cat user/alice/batch/* && ls`}, "of 1.csvof 2.csvuser\n"},
		"Python": {
			[]string{venv(t, "python", "clients/python/requirements.txt"), "-c", `
import sys, tarfile
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as batch:
    for m in batch:
        print(m.name, m.pax_headers.get("GRANARY.status"), batch.extractfile(m).read() if m.name.endswith("csv") else "")`},
			"user/alice/batch/2.csv None b'of 2.csv'\n__granary__/errors/000001.json 404 \nuser/alice/batch/1.csv None b'of 1.csv'\n__granary__/end.json None \n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), c.args[0], c.args[1:]...)
			cmd.Stdin, cmd.Dir = strings.NewReader(batch.body), t.TempDir()
			if out, err := cmd.Output(); err != nil || string(out) != c.want {
				t.Errorf("%v\n%s\nwant\n%s", err, out, c.want)
			}
		})
	}
}
