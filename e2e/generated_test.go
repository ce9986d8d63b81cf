//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	granaryclient "granary/clients/go"
)

// TestGeneratedClients does a day's work with each of the clients that are generated from the OpenAPI document: ada's project
// shares a dataset with bob's, he reads it, and no longer when she ends that. Each has a server of its own.
func TestGeneratedClients(t *testing.T) {
	t.Run("go", func(t *testing.T) { dayInGo(t, newDay(t)) })
	t.Run("python", func(t *testing.T) {
		python := venv(t, "python", "clients/python/requirements.txt")
		newDay(t).run(t, "../clients/python", python, "-m", "pytest", "-q", "-p", "no:cacheprovider")
	})
	t.Run("typescript", func(t *testing.T) {
		environment := installed(t, "typescript", "clients/typescript/requirements.txt")
		day := newDay(t)
		folder := filepath.Join(t.TempDir(), "client")
		if err := os.CopyFS(folder, os.DirFS("../clients/typescript")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(environment, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
			t.Fatal(err)
		}
		node := filepath.Join(environment, "bin", "node")
		day.run(t, folder, node, "node_modules/typescript/bin/tsc")
		day.run(t, folder, node, "--test", "dist/day.test.js")
	})
}

// TestGeneratedClientsAreCurrent makes the clients anew and compares them with those that are committed.
func TestGeneratedClientsAreCurrent(t *testing.T) {
	for name, c := range map[string]struct {
		folder  string
		command func(*testing.T, string) []string
	}{
		"go": {"../clients/go", func(*testing.T, string) []string { return []string{"go", "generate", "."} }},
		"python": {"../clients/python", func(t *testing.T, into string) []string {
			return []string{"./generate.sh", filepath.Dir(filepath.Dir(venv(t, "python", "clients/python/requirements.txt"))), into}
		}},
		"typescript": {"../clients/typescript", func(t *testing.T, into string) []string {
			return []string{"./generate.sh", installed(t, "typescript", "clients/typescript/requirements.txt"), into}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			house := t.TempDir() // in which the paths of the generators' settings lead to the same files
			into := filepath.Join(house, "clients", name)
			for from, to := range map[string]string{c.folder: into, "../openapi": filepath.Join(house, "openapi")} {
				if err := os.CopyFS(to, os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(house, "go.mod"), []byte("module granary\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			command := c.command(t, into)
			cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
			cmd.Dir = into
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			out, err := exec.CommandContext(t.Context(), "diff", "--recursive", "--exclude", "__pycache__", c.folder, into).CombinedOutput()
			if err != nil {
				t.Errorf("make generate would change the client: %v\n%.5000s", err, out)
			}
		})
	}
}

// TestPythonClientIsTyped installs the Python client as its users do. Type checkers look at the types of an installed package only if it says that it has any, by
// py.typed (PEP 561).
func TestPythonClientIsTyped(t *testing.T) {
	python := venv(t, "python", "clients/python/requirements.txt")
	source, into := filepath.Join(t.TempDir(), "client"), t.TempDir()
	if err := os.CopyFS(source, os.DirFS("../clients/python")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation", "--target", into, source)
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"client.py", "py.typed"} {
		if _, err := os.Stat(filepath.Join(into, "granary_client", name)); err != nil {
			t.Errorf("the installed client lacks %s: %v", name, err)
		}
	}
}

// day is a server on which ada and bob work, with their tokens.
type day struct {
	*granary
	ada, bob string
}

func newDay(t *testing.T) day {
	t.Helper()
	g := launch(t)
	for _, name := range []string{"ada", "bob", "sam"} {
		if _, err := g.admin("user", "add", name); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { g.check(t) })
	return day{g, g.token(t, "ada"), g.token(t, "bob")}
}

// run runs a program that finds the day by its environment.
func (d day) run(t *testing.T, folder, program string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scenarioTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GRANARY_URL="+d.url, "GRANARY_TOKEN_ADA="+d.ada, "GRANARY_TOKEN_BOB="+d.bob, "PYTHONDONTWRITEBYTECODE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// dayInGo is clients/python/test_day.py in Go.
func dayInGo(t *testing.T, d day) {
	ctx := t.Context()
	dial := func(token string) *granaryclient.ClientWithResponses {
		client, err := granaryclient.Dial(d.url, token)
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	must := func(reply granaryclient.Reply, err error) {
		t.Helper()
		if err := granaryclient.Check(reply, err); err != nil {
			t.Fatal(err)
		}
	}
	ada, bob := dial(d.ada), dial(d.bob)

	made, err := ada.CreateProjectWithResponse(ctx, nil, granaryclient.NewProject{Name: "maps"})
	must(made, err)
	if made.JSON201.Path != "/Projects/maps" {
		t.Errorf("the project is at %s", made.JSON201.Path)
	}
	must(ada.SetMemberWithResponse(ctx, "maps", "sam", nil, granaryclient.NewRole{Role: granaryclient.NewRoleRoleScientist}))
	must(bob.CreateProjectWithResponse(ctx, nil, granaryclient.NewProject{Name: "vision"}))
	const file = "/Projects/maps/tiles/1.png"
	create := true
	tiles, err := ada.CreateDatasetWithResponse(ctx, "maps", nil, granaryclient.NewDataset{Path: "/Projects/maps/tiles", Create: &create})
	must(tiles, err)
	must(ada.CreateWithBodyWithResponse(ctx, &granaryclient.CreateParams{Path: file}, "application/octet-stream", bytes.NewReader([]byte("a tile"))))

	vision := "vision"
	offer := granaryclient.NewShare{Project: &vision, Level: granaryclient.NewShareLevelRead}
	offered, err := ada.OfferShareWithResponse(ctx, tiles.JSON201.Id, nil, offer)
	must(offered, err)
	accepted, err := bob.AcceptShareWithResponse(ctx, offered.JSON201.Id, nil, granaryclient.Acceptance{})
	must(accepted, err)
	mount := *accepted.JSON200.Mount
	read, err := bob.OpenWithResponse(ctx, &granaryclient.OpenParams{Path: mount + "/1.png"})
	must(read, err)
	if string(read.Body) != "a tile" {
		t.Errorf("bob reads %q", read.Body)
	}

	name := "bob"
	why, err := ada.ExplainAccessWithResponse(ctx, &granaryclient.ExplainAccessParams{Path: file, User: &name})
	must(why, err)
	if steps := why.JSON200.Steps; !why.JSON200.Allowed || len(steps) == 0 || !bytes.HasPrefix([]byte(steps[len(steps)-1].By), []byte("share:")) {
		t.Errorf("bob may read because of %+v", why.JSON200)
	}

	must(ada.EndShareWithResponse(ctx, offered.JSON201.Id, nil))
	var failed *granaryclient.FailedError
	refused, err := bob.OpenWithResponse(ctx, &granaryclient.OpenParams{Path: file})
	if err := granaryclient.Check(refused, err); !errors.As(err, &failed) || failed.Status != http.StatusNotFound {
		t.Errorf("after the end of the share bob gets %v", err)
	}
}
