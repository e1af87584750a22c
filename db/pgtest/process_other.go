//go:build unix && !linux

package pgtest

import "syscall"

// attributes puts a child into a process group of its own and runs it as the
// account. Only Linux has a death signal; here the janitor alone ends the
// server when this process ends.
func attributes(as account, _ syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if as.borrowed {
		attr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return attr
}
