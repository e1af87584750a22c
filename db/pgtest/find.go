package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
)

// errMissing is returned when the machine has no PostgreSQL.
var errMissing = errors.New("PostgreSQL is not installed: install the Debian package `postgresql`")

// account is the user that a server runs as. PostgreSQL refuses to run as root,
// so that root borrows the account that the Debian package creates.
type account struct {
	borrowed bool // false: the user of this process
	uid, gid int
}

// findAccount returns who the server is to run as.
func findAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	found, err := user.Lookup("postgres")
	if err != nil {
		return account{}, fmt.Errorf("as root, the user postgres is needed: %w (%w)", errMissing, err)
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return account{}, fmt.Errorf("read the user id of postgres: %w", err)
	}
	gid, err := strconv.Atoi(found.Gid)
	if err != nil {
		return account{}, fmt.Errorf("read the group id of postgres: %w", err)
	}
	return account{borrowed: true, uid: uid, gid: gid}, nil
}

// findBinaries returns the folder with initdb and postgres: the newest version
// below debian (Debian keeps each version in a folder of its own, outside
// PATH), else the one in PATH.
func findBinaries(debian string) (string, error) {
	found, err := filepath.Glob(filepath.Join(debian, "*", "bin", "initdb"))
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	newest, folder := -1.0, ""
	for _, initdb := range found {
		bin := filepath.Dir(initdb)
		version, err := strconv.ParseFloat(filepath.Base(filepath.Dir(bin)), 64)
		if err == nil && version > newest {
			newest, folder = version, bin
		}
	}
	if folder != "" {
		return folder, nil
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", errMissing
	}
	// A link in PATH may stand alone; the folder it points to holds all of them.
	initdb, err = filepath.EvalSymlinks(initdb)
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	return filepath.Dir(initdb), nil
}
