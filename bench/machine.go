package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// machine describes the hardware and system, on which the figures depend.
type machine struct {
	System string `json:"system"`
	CPUs   int    `json:"cpus"`
	Model  string `json:"cpu"`
	Go     string `json:"go"`
}

func thisMachine() (machine, error) {
	model, err := cpuModel()
	return machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Model: model, Go: runtime.Version()}, err
}

func (m machine) String() string {
	return fmt.Sprintf("%d × %s, %s, %s", m.CPUs, m.Model, m.System, m.Go)
}

// describe returns the commit of the source in the working folder, with -dirty if there are changes on top of it.
func describe(ctx context.Context) (string, error) {
	commit, err := output(exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12", "--match=", "--exclude=*"))
	if err != nil {
		return "", fmt.Errorf("which commit is this? %w; name it with -commit", err)
	}
	return commit, nil
}

// filesystem describes the filesystem that dir is on, such as "ext4 (device 254:0)". It refuses a filesystem in memory, on
// which durability costs nothing.
func filesystem(dir string) (string, error) {
	kind, err := filesystemKind(dir)
	if err != nil {
		return "", &os.PathError{Op: "look at the filesystem of", Path: dir, Err: err}
	}
	if kind == "tmpfs" || kind == "ramfs" {
		return "", fmt.Errorf("%s is in memory (%s), where nothing is durable: name a folder on a disk with -data", dir, kind)
	}
	device, err := deviceOf(dir)
	if err != nil {
		return "", err
	}
	return kind + ", device " + device, nil
}

// field returns the value in the first line "name : value" of a table such as /proc/cpuinfo.
func field(table, name string) (string, bool) {
	for line := range strings.Lines(table) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}
