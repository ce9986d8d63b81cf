package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// filesystemKinds are the magic numbers of statfs(2).
var filesystemKinds = map[uint32]string{
	0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x2fc12fc1: "zfs", 0x794c7630: "overlay",
	0x01021994: "tmpfs", 0x858458f6: "ramfs",
}

func filesystemKind(dir string) (string, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "", err
	}
	magic := uint32(s.Type) // the field is wider on some architectures
	if kind, found := filesystemKinds[magic]; found {
		return kind, nil
	}
	return fmt.Sprintf("filesystem %#x", magic), nil
}

// deviceOf returns the major and minor device number of the filesystem.
func deviceOf(dir string) (string, error) {
	var s syscall.Stat_t
	if err := syscall.Stat(dir, &s); err != nil {
		return "", err
	}
	major := s.Dev>>8&0xfff | s.Dev>>32&^0xfff
	minor := s.Dev&0xff | s.Dev>>12&^0xff
	return fmt.Sprintf("%d:%d", major, minor), nil
}

// cpuModel returns the processor's name for itself.
func cpuModel() (string, error) {
	table, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "", err
	}
	if model, found := field(string(table), "model name"); found {
		return model, nil
	}
	return "a processor without a name", nil
}

// loadAverage returns the machine's load average of the last minute.
func loadAverage() (string, error) {
	text, err := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first, err
}
