package pgtest_test

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db/pgtest"
)

// childVariable makes this test binary a program that opens a server and waits.
const childVariable = "PGTEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(child(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// child opens a server, tells its address and ends, without stopping the
// server, when its input does.
func child(in io.Reader, out io.Writer) int {
	dsn, _, err := pgtest.OpenServer()
	if err != nil {
		fmt.Fprintln(out, err)
		return 1
	}
	fmt.Fprintln(out, dsn)
	_, _ = io.Copy(io.Discard, in)
	return 0
}

// startChild runs child in a process of its own and returns the server's address.
func startChild(t *testing.T, as *syscall.Credential) (cmd *exec.Cmd, in io.Closer, dsn string) {
	t.Helper()
	cmd = exec.Command(copyOfThisBinary(t))
	cmd.Dir = "/"
	cmd.Env = []string{childVariable + "=1", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	dsn, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, dsn, "postgres://")
	return cmd, in, strings.TrimSpace(dsn)
}

// copyOfThisBinary puts the test binary where every user may run it.
func copyOfThisBinary(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	folder, err := os.MkdirTemp("", "usher-pgtest-") //nolint:usetesting // TempDir is closed to other users
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	require.NoError(t, os.Chmod(folder, 0o755))
	path := filepath.Join(folder, "child")
	require.NoError(t, os.WriteFile(path, program, 0o755))
	return path
}

// dataFolder asks the server where its files are.
func dataFolder(t *testing.T, dsn string) string {
	t.Helper()
	var folder string
	require.NoError(t, connect(t, dsn).QueryRow(t.Context(), "show data_directory").Scan(&folder))
	return folder
}

// requireGone waits until the server has ended and its files are removed.
func requireGone(t *testing.T, folder string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Dir(folder))
		return os.IsNotExist(err)
	}, 30*time.Second, 20*time.Millisecond, "the server's folder is still there")
}

func TestServerEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, cmd *exec.Cmd, in io.Closer){
		"that returns from main": func(t *testing.T, cmd *exec.Cmd, in io.Closer) {
			t.Helper()
			require.NoError(t, in.Close())
			require.NoError(t, cmd.Wait())
		},
		"that is killed": func(t *testing.T, cmd *exec.Cmd, _ io.Closer) {
			t.Helper()
			require.NoError(t, cmd.Process.Kill())
			require.Error(t, cmd.Wait())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, in, dsn := startChild(t, nil)
			folder := dataFolder(t, dsn)
			conn := connect(t, dsn)

			end(t, cmd, in)

			_, err := conn.Exec(t.Context(), "select pg_sleep(60)")
			require.Error(t, err, "the server still answers")
			requireGone(t, folder)
		})
	}
}

func TestServerRunsForANormalUser(t *testing.T) {
	t.Parallel()
	var as *syscall.Credential // a normal user already, unless we are root
	want := os.Geteuid()
	if want == 0 {
		nobody, err := user.Lookup("nobody")
		require.NoError(t, err)
		want, err = strconv.Atoi(nobody.Uid)
		require.NoError(t, err)
		as = &syscall.Credential{Uid: uint32(want), Gid: uint32(want)}
	}
	cmd, in, dsn := startChild(t, as)
	folder := dataFolder(t, dsn)
	info, err := os.Stat(folder)
	require.NoError(t, err)
	require.EqualValues(t, want, info.Sys().(*syscall.Stat_t).Uid)

	require.NoError(t, in.Close())
	require.NoError(t, cmd.Wait())
	requireGone(t, folder)
}

func TestOpenServerStops(t *testing.T) {
	t.Parallel()
	dsn, stop, err := pgtest.OpenServer()
	require.NoError(t, err)
	t.Cleanup(stop)
	folder := dataFolder(t, dsn)
	conn := connect(t, dsn)

	stop()
	require.Error(t, conn.Ping(t.Context()))
	_, err = os.Stat(filepath.Dir(folder))
	require.ErrorIs(t, err, fs.ErrNotExist)
	stop() // and again, as a deferred call would
}
