package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// janitor waits until its standard input ends, which happens when this process
// ends in whatever way, then stops the server and removes its folder ($1). It
// asks for both the file and the process: a killed server leaves the file, and
// a dead one may stay in the process table until its parent looks.
const janitor = `cat >/dev/null
n=0
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
case "$pid" in
[1-9]*)
	kill -QUIT "$pid"
	while [ -e "$1/data/postmaster.pid" ] && kill -0 "$pid" && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done ;;
esac
until rm -rf "$1" || [ $n -ge 100 ]; do sleep 0.1; n=$((n+1)); done`

// makeFolder creates the server's folder and the process that will remove it.
func (s *server) makeFolder() error {
	folder, err := os.MkdirTemp("", "usher-pg-")
	if err != nil {
		return fmt.Errorf("create the server's folder: %w", err)
	}
	// The server reports its data folder without symbolic links.
	if s.folder, err = filepath.EvalSymlinks(folder); err != nil {
		return fmt.Errorf("resolve the server's folder: %w", err)
	}
	if s.as.borrowed {
		if err := os.Chown(s.folder, s.as.uid, s.as.gid); err != nil {
			return fmt.Errorf("give the server its folder: %w", err)
		}
	}
	return s.hireJanitor()
}

// hireJanitor starts the process that will outlive this one and clean up.
func (s *server) hireJanitor() error {
	//nolint:gosec,noctx // a constant script with a folder of ours; it is to outlive every context
	sweep := exec.Command("/bin/sh", "-c", janitor, "sh", s.folder)
	sweep.Dir = "/"
	sweep.SysProcAttr = attributes(s.as, 0)
	leash, err := sweep.StdinPipe()
	if err != nil {
		return fmt.Errorf("open the janitor's input: %w", err)
	}
	if err := sweep.Start(); err != nil {
		return fmt.Errorf("start the janitor: %w", err)
	}
	swept := make(chan struct{})
	go func() {
		_ = sweep.Wait() // what it could not remove is garbage in the system's folder for that
		close(swept)
	}()
	s.leash, s.swept = leash, swept
	return nil
}

// run starts the server from a thread that stays for as long as the server
// does: Linux sends the death signal when the *thread* that forked ends.
func (s *server) run() error {
	log, err := os.Create(filepath.Join(s.folder, "log"))
	if err != nil {
		return fmt.Errorf("create the server's log: %w", err)
	}
	defer func() { _ = log.Close() }()                            // the server has its own handle
	cmd := s.command(syscall.SIGQUIT, "postgres", s.options()...) // SIGQUIT is an immediate shutdown
	cmd.Stderr = log
	started := make(chan error)
	exited := s.exited
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in the log
		}
		close(exited)
	}()
	return <-started
}

// command prepares one of PostgreSQL's programs: as the server's user, in its
// folder, without this process's PG variables, with its output going nowhere yet.
func (s *server) command(death syscall.Signal, name string, args ...string) *exec.Cmd {
	//nolint:gosec,noctx // PostgreSQL's own programs; a server lives as long as its process
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.folder, "LC_ALL=C"}
	cmd.SysProcAttr = attributes(s.as, death)
	return cmd
}
