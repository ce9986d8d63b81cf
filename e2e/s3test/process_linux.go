package s3test

import "syscall"

// endWithParent ends the server if the test's process is killed.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
