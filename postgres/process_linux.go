package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// endWithParent has the kernel send SIGINT, PostgreSQL's fast shutdown, when this process ends in any way.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// startGuarded starts cmd, whose attributes already tie it to this process.
func startGuarded(cmd *exec.Cmd) (release func(), err error) { return func() {}, cmd.Start() }

// runsCluster tells whether a process is a PostgreSQL of the cluster: it belongs to the account, and its working folder
// is the cluster, as every PostgreSQL's is.
func runsCluster(pid int, cluster string, a account) bool {
	proc := fmt.Sprintf("/proc/%d", pid)
	info, err := os.Stat(proc)
	if err != nil || ownerOf(info) != a.uid {
		return false
	}
	// Through the link, not its text: the folder may be mounted in several places.
	there, err := os.Stat(proc + "/cwd")
	if err != nil {
		return false
	}
	here, err := os.Stat(cluster)
	return err == nil && os.SameFile(there, here)
}
