package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
)

func filesystemKind(dir string) (string, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "", err
	}
	var kind strings.Builder
	for _, c := range s.Fstypename {
		if c == 0 {
			break
		}
		kind.WriteByte(byte(c))
	}
	return kind.String(), nil
}

// deviceOf returns the device number of the filesystem.
func deviceOf(dir string) (string, error) {
	var s syscall.Stat_t
	if err := syscall.Stat(dir, &s); err != nil {
		return "", err
	}
	return fmt.Sprintf("%#x", s.Dev), nil
}

// cpuModel returns the processor's name for itself.
func cpuModel() (string, error) { return syscall.Sysctl("machdep.cpu.brand_string") }

// loadAverage returns the machine's load average of the last minute.
func loadAverage() (string, error) {
	text, err := output(exec.Command("sysctl", "-n", "vm.loadavg")) // { 1.23 1.11 1.05 }
	if err != nil {
		return "", err
	}
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return "", fmt.Errorf("sysctl says %q where the load average should be", text)
	}
	return fields[1], nil
}
