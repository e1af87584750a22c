package pgtest

import "syscall"

// attributes puts a child into a process group of its own, so that Ctrl-C
// reaches it through this process only, runs it as the account and sends it
// the signal (0: none) when the thread that started it ends.
func attributes(as account, death syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
	if as.borrowed {
		attr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return attr
}
