package mailtest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is the user that Exim runs as. It never works as root, so that root borrows the account of Debian's package.
type account struct {
	borrowed bool
	uid, gid int
}

func findAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	found, err := user.Lookup("Debian-exim")
	if err != nil {
		return account{}, fmt.Errorf("as root, the user of the Debian package `exim4-daemon-light` is needed: %w", err)
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return account{}, fmt.Errorf("read the user id of %s: %w", found.Username, err)
	}
	gid, err := strconv.Atoi(found.Gid)
	if err != nil {
		return account{}, fmt.Errorf("read the group id of %s: %w", found.Username, err)
	}
	return account{borrowed: true, uid: uid, gid: gid}, nil
}
