package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own binary be the null server, as the program is when it starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "-serve-null" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The null server as a process of its own: started, found, asked and ended.
func TestNullProcess(t *testing.T) {
	to, stop, err := startNull(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t.Context(), to, 5*time.Second)
	defer c.close()
	file := content{id: 9, size: 70000}
	for _, step := range []error{
		c.mkdirs("/a/b"), c.createOneHop("/a/b/f", file), c.stat("/a/b/f", 70000), c.rename("/a/b/f", "/a/g"),
		c.read("/a/g", file), c.list("/a", 2), c.remove("/a"),
	} {
		if step != nil {
			t.Error(step)
		}
	}
	for _, gone := range []error{c.stat("/a/g", 70000), c.rename("/a", "/b"), c.remove("/a"), c.list("/a/b", 0)} {
		if gone == nil || !strings.Contains(gone.Error(), "status 404") {
			t.Errorf("what was deleted gives %v", gone)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := c.mkdirs("/a"); err == nil {
		t.Error("it still answers when it has been stopped")
	}
}

// A server that does not come up is reported with the place of its messages, at once.
func TestServerThatEnds(t *testing.T) {
	log, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.CommandContext(context.Background(), os.Args[0], "-test.run=^$", "-test.nosuchflag")
	if _, _, err := startProcess(t.Context(), cmd, nullReady, log); err == nil || !strings.Contains(err.Error(), log.Name()) {
		t.Errorf("starting it gives %v", err)
	}
}
