package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// parsed returns what a command line makes of the flags of its command.
func parsed(args ...string) (map[string]any, error) {
	var c commands
	parser, err := newParser(&c)
	if err != nil {
		return nil, err
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	for _, flag := range ctx.Flags() {
		if flag.Name != "help" && flag.Name != "config" {
			values[flag.Name] = ctx.FlagValue(flag)
		}
	}
	return values, nil
}

// settingsFile writes a file of settings and returns its name.
func settingsFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Every flag of serve, by its own name, says the same in a file as on the command line.
func TestSettingsOfAFile(t *testing.T) {
	plain, err := parsed("serve")
	if err != nil {
		t.Fatal(err)
	}
	others := map[string]any{ // in which the value differs from what is the default
		"auth": "simple", "log-level": "warn", "oidc-new-users": "create", "redirect-reads": true, "min-block-size": "8MiB",
		"forwarded-by": []any{"10.0.0.1", "10.0.0.2"}, "oidc-scopes": []any{"email"},
		"proxy-user": []any{"hue=groups:staff;hosts:10.0.0.7"}, "oidc-groups": []any{"theirs=ours"}, "blocks": []any{"/a", "/b"},
	}
	for name, before := range plain {
		value, ok := others[name]
		line := []string{"serve"}
		switch kind := reflect.TypeOf(before).Kind(); {
		case ok:
		case strings.HasPrefix(reflect.TypeOf(before).String(), "time."):
			value = "77h"
		case kind == reflect.String:
			value = "other"
		case kind == reflect.Int, kind == reflect.Int64, kind == reflect.Float64:
			value = 77
		default:
			t.Errorf("--%s is a %T: what may stand in a file?", name, before)
			continue
		}
		switch value := value.(type) {
		case bool:
			line = append(line, "--"+name)
		case []any:
			for _, v := range value {
				line = append(line, "--"+name+"="+v.(string))
			}
		default:
			text, _ := json.Marshal(value)
			line = append(line, "--"+name+"="+strings.Trim(string(text), `"`))
		}
		want, err := parsed(line...)
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(want[name], before) {
			t.Errorf("--%s: %v is the default", name, value)
		}
		for _, key := range []string{name, strings.ReplaceAll(name, "-", "_"), strings.ReplaceAll(name, "-", "")} {
			text, _ := json.Marshal(map[string]any{key: value})
			got, err := parsed("serve", "--config", settingsFile(t, string(text)))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v, %v; want %v", text, got[name], err, want[name])
			}
		}
	}
}

func TestSettingsAreOverruled(t *testing.T) {
	file := settingsFile(t, `{"listen": "127.0.0.1:1", "gcGrace": "72h"}`)
	t.Setenv("GRANARY_LISTEN", "127.0.0.1:2")
	for want, line := range map[string][]string{
		"127.0.0.1:2": {"serve", "--config", file},
		"127.0.0.1:3": {"serve", "--config", file, "--listen", "127.0.0.1:3"},
	} {
		if got, err := parsed(line...); err != nil || got["listen"] != want {
			t.Errorf("%q listens on %v, %v", line, got["listen"], err)
		}
	}
	t.Setenv("GRANARY_CONFIG", file)
	if got, err := parsed("serve"); err != nil || fmt.Sprint(got["gc-grace"]) != "72h0m0s" {
		t.Errorf("of the file that the environment names: %v, %v", got["gc-grace"], err)
	}
}

// A variable that holds nothing is not set, and what is given as nothing is refused where that is no value.
func TestEmptySettings(t *testing.T) {
	plain, err := parsed("serve")
	if err != nil {
		t.Fatal(err)
	}
	variables := []string{"GRANARY_CONFIG"}
	for name := range plain {
		variables = append(variables, "GRANARY_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
	}
	empty := func() {
		for _, name := range variables {
			t.Setenv(name, "")
		}
	}
	empty()
	if got, err := parsed("serve"); err != nil || !reflect.DeepEqual(got, plain) {
		t.Errorf("with variables that hold nothing: %v, %v; want %v", got, err, plain)
	}
	empty()
	file := settingsFile(t, `{"listen": "127.0.0.1:1", "data": "/somewhere"}`)
	if got, err := parsed("serve", "--config", file); err != nil || got["listen"] != "127.0.0.1:1" || got["data"] != "/somewhere" {
		t.Errorf("with variables that hold nothing before a file: %v, %v, %v", got["listen"], got["data"], err)
	}
	for _, name := range []string{"data", "root-key", "oidc-client-secret-file"} {
		nothing := settingsFile(t, `{"`+name+`": ""}`)
		for _, line := range [][]string{{"serve", "--" + name, ""}, {"serve", "--config", nothing}} {
			if _, err := parsed(line...); err == nil || !strings.Contains(err.Error(), name+": the path is empty") {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
	// It would mean a private one, where a script names another one by a variable that is not set.
	for _, line := range [][]string{{"serve", "--database", ""}, {"serve", "--config", settingsFile(t, `{"database": ""}`)}, {"user", "list", "--database="}} {
		if _, err := parsed(line...); err == nil || !strings.Contains(err.Error(), "--database is empty: want the URL") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// A number is what it would be on the command line.
func TestNumbersInSettings(t *testing.T) {
	got, err := parsed("serve", "--config", settingsFile(t, `{"min-block-size": 2097152, "limit-all": 10000000, "limit-reads": 0.5}`))
	if err != nil || got["min-block-size"] != byteSize(2<<20) || got["limit-all"] != 10_000_000 || got["limit-reads"] != 0.5 {
		t.Errorf("%v, %v, %v, %v", got["min-block-size"], got["limit-all"], got["limit-reads"], err)
	}
}

func TestWrongSettings(t *testing.T) {
	for text, want := range map[string]string{
		`{"listn": "127.0.0.1:1"}`:               `"listn" is no setting`,
		`{"gc-grace": "1h", "gc_grace": "2h"}`:   `"gc-grace" and "gc_grace" are the same setting`,
		`{"listen": "127.0.0.1:1"`:               "want a JSON object",
		`[]`:                                     "want a JSON object",
		`null`:                                   "want a JSON object",
		`{"listen": "127.0.0.1:1"} ]`:            "want a JSON object",
		`{"listen": null}`:                       `"listen" is null: want a value`,
		`{"help": true}`:                         `"help" is no setting`,
		`{"config": "/another"}`:                 `"config" is no setting`,
		`{"gc-grace": 3600}`:                     "gc-grace",
		`{"listen": "127.0.0.1:1"} {"data": ""}`: "want a JSON object",
		`{"listen": {"port": 1}}`:                "listen",
		`{"gc-grace": "soon"}`:                   "gc-grace",
		`{"limit-reads": "abc"}`:                 "limit-reads",
		`{"auth": "none"}`:                       "auth",
	} {
		file := settingsFile(t, text)
		_, err := parsed("serve", "--config", file)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
		if strings.Contains(want, " ") && (err == nil || !strings.Contains(err.Error(), file)) {
			t.Errorf("%s: %v does not name the file", text, err)
		}
	}
	// The same file serves other commands.
	if _, err := parsed("user", "list", "--config", settingsFile(t, `{"listen": "127.0.0.1:1", "data": "/somewhere"}`)); err != nil {
		t.Error(err)
	}
}
