package pgtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// plant creates an empty program.
func plant(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755))
}

func TestFindBinariesTakesTheNewestVersion(t *testing.T) {
	t.Parallel()
	debian := t.TempDir()
	for _, version := range []string{"9.6", "10", "15", "odd"} {
		plant(t, filepath.Join(debian, version, "bin", "initdb"))
	}
	bin, err := findBinaries(debian)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(debian, "15", "bin"), bin)
}

func TestFindBinariesFollowsPath(t *testing.T) {
	home := t.TempDir()
	plant(t, filepath.Join(home, "pg", "bin", "initdb"))
	require.NoError(t, os.Mkdir(filepath.Join(home, "links"), 0o755))
	require.NoError(t, os.Symlink(filepath.Join(home, "pg", "bin", "initdb"), filepath.Join(home, "links", "initdb")))
	t.Setenv("PATH", filepath.Join(home, "links"))

	bin, err := findBinaries(filepath.Join(home, "nothing"))
	require.NoError(t, err)
	resolved, err := filepath.EvalSymlinks(filepath.Join(home, "pg", "bin"))
	require.NoError(t, err)
	require.Equal(t, resolved, bin)
}

func TestFindBinariesNamesThePackage(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findBinaries(t.TempDir())
	require.ErrorIs(t, err, errMissing)
	require.ErrorContains(t, err, "install the Debian package `postgresql`")
}
