package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// asProgram in the environment makes this test binary be usher itself.
const asProgram = "USHER_TEST_AS_PROGRAM"

// TestMain lets tests start usher as a process of its own, to kill it say, without building it once more.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// usher is a command of a process of its own, with nothing in its environment but a PATH. It ends at the first data race.
func usher(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	command := exec.Command(self, args...)
	command.Env = []string{asProgram + "=yes", "GORACE=halt_on_error=1", "PATH=" + os.Getenv("PATH")}
	return command
}
