package mailtest

import (
	"errors"
	"net"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// accept runs Exim for each connection until the listener is closed.
func (s *Server) accept(t testing.TB) {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if !assert.NoError(t, err) {
			return
		}
		s.running.Go(func() { s.serve(t, conn) })
	}
}

// serve lets Exim speak on a connection. It delivers before it answers the next command: -odf. What is still open when
// the test ends is ended with its process group, since Exim works in several processes.
func (s *Server) serve(t testing.TB, conn net.Conn) {
	socket, err := conn.(*net.TCPConn).File() //nolint:errcheck // a TCP listener accepts nothing else
	if !assert.NoError(t, errors.Join(err, conn.Close())) {
		return
	}
	defer func() { _ = socket.Close() }() // Exim has its own handle
	args := []string{"-C", s.path("conf"), "-bs", "-odf"}
	if s.encrypted {
		args = append(args, "-tls-on-connect")
	}
	exim := exec.CommandContext(t.Context(), s.program, args...) //nolint:gosec // Exim, with a configuration of ours
	exim.Dir, exim.Env = s.folder, []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	exim.Stdin, exim.Stdout = socket, socket
	exim.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	exim.Cancel = func() error { return syscall.Kill(-exim.Process.Pid, syscall.SIGKILL) }
	_ = exim.Run() // it reports to its client, and a client that hangs up is an error for it
}
