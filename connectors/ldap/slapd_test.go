package ldap_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"
)

const (
	suffix   = "dc=example,dc=com"
	people   = "ou=people," + suffix
	groups   = "ou=groups," + suffix
	rootDN   = "cn=root," + suffix
	usherDN  = "cn=usher," + suffix
	policyDN = "cn=policy," + suffix
	secret   = "s3cret-passw0rd"

	// patience is for a server on a busy machine.
	patience = time.Minute
	tick     = 10 * time.Millisecond
)

// conf is a directory with a password policy, and the flags of an Active Directory, in which cn=usher may write people and groups, and nothing else.
const conf = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile %[1]s/slapd.pid
TLSCertificateFile %[1]s/cert.pem
TLSCertificateKeyFile %[1]s/key.pem
attributetype ( 1.3.6.1.4.1.4203.666.1 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.2 NAME 'flagged' AUXILIARY MAY userAccountControl )
database mdb
directory %[1]s/data
suffix dc=example,dc=com
rootdn cn=root,dc=example,dc=com
rootpw s3cret-passw0rd
overlay ppolicy
ppolicy_default cn=policy,dc=example,dc=com
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree=ou=people,dc=example,dc=com by dn.exact=cn=usher,dc=example,dc=com write by * read
access to dn.subtree=ou=groups,dc=example,dc=com by dn.exact=cn=usher,dc=example,dc=com write by * read
access to * by * read
`

// leash runs slapd until its own standard input ends, which it does when this process ends in whatever way.
const leash = `"$0" -f "$1/slapd.conf" -h "ldap://127.0.0.1:$2 ldaps://127.0.0.1:$3" -d 0 2>"$1/log" & pid=$!
cat >/dev/null
kill -INT $pid 2>/dev/null
wait $pid`

// slapd is a directory of a test's own: a real OpenLDAP server in a temporary folder, on a loopback port.
type slapd struct {
	folder string
	// address is for ldap://, secure for ldaps://.
	address, secure string
	root            *goldap.Conn
	stdin           io.Closer
	process         *exec.Cmd
}

// startSlapd makes a directory with people, groups, a policy and the connector's account.
func startSlapd(t *testing.T) *slapd {
	t.Helper()
	s := &slapd{folder: t.TempDir()}
	require.NoError(t, os.Mkdir(filepath.Join(s.folder, "data"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "slapd.conf"), fmt.Appendf(nil, conf, s.folder), 0o600))
	s.certificate(t)
	s.start(t)
	t.Cleanup(func() { s.stop(t) })
	s.add(t, suffix, "objectClass=dcObject", "objectClass=organization", "dc=example", "o=Example")
	s.add(t, usherDN, "objectClass=organizationalRole", "objectClass=simpleSecurityObject", "cn=usher", "userPassword="+secret)
	s.add(t, people, "objectClass=organizationalUnit", "ou=people")
	s.add(t, groups, "objectClass=organizationalUnit", "ou=groups")
	s.add(t, policyDN, "objectClass=organizationalRole", "objectClass=pwdPolicy", "cn=policy", "pwdAttribute=userPassword", "pwdLockout=TRUE", "pwdMaxFailure=5")
	return s
}

// certificate makes one for 127.0.0.1 that vouches for itself.
func (s *slapd) certificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: public}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		require.NoError(t, os.WriteFile(filepath.Join(s.folder, name), pem.EncodeToMemory(block), 0o600))
	}
}

// start runs the server on a free port (the same one when it starts again) and waits until one can log in. A port that was
// free may be somebody else's by then, so that a new server tries others.
func (s *slapd) start(t *testing.T) {
	t.Helper()
	binary, err := exec.LookPath("slapd")
	if err != nil {
		binary = "/usr/sbin/slapd" // where an ordinary user's PATH may not look
	}
	require.FileExists(t, binary, "the connector's tests run against a real directory: install the Debian package `slapd`")
	if s.address != "" {
		require.True(t, s.launch(t, binary, patience), "slapd does not answer")
		return
	}
	for range 4 {
		s.address, s.secure = freeAddress(t), freeAddress(t)
		if s.launch(t, binary, patience/4) {
			return
		}
		require.NoError(t, s.stdin.Close())
		_ = s.process.Wait() // how it ended does not matter
	}
	require.Fail(t, "slapd does not answer")
}

// launch runs the server, and says whether one can log in within a time.
func (s *slapd) launch(t *testing.T, binary string, within time.Duration) bool {
	t.Helper()
	port := func(address string) string { return address[strings.LastIndex(address, ":")+1:] }
	s.process = exec.Command("/bin/sh", "-c", leash, binary, s.folder, port(s.address), port(s.secure))
	var err error
	s.stdin, err = s.process.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, s.process.Start())
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(tick) { //nolint:forbidigo // there is nothing to wait for but the server's word
		conn, err := goldap.DialURL("ldap://" + s.address)
		if err != nil {
			continue
		}
		conn.SetTimeout(patience / 12) // whoever else listens there may never answer
		if conn.Bind(rootDN, secret) == nil {
			conn.SetTimeout(0)
			s.root = conn
			return true
		}
		_ = conn.Close()
	}
	return false
}

// freeAddress asks the system for a port that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// stop ends the server and waits until it is gone.
func (s *slapd) stop(t *testing.T) {
	t.Helper()
	if s.process == nil {
		return
	}
	_ = s.root.Close()
	require.NoError(t, s.stdin.Close())
	_ = s.process.Wait() // how it ended does not matter
	s.process = nil
	_, err := net.Dial("tcp", s.address)
	require.Error(t, err, "slapd is gone")
}

// add makes an entry as the directory's root.
func (s *slapd) add(t *testing.T, dn string, attributes ...string) {
	t.Helper()
	request := goldap.NewAddRequest(dn, nil)
	values := map[string][]string{}
	for _, attribute := range attributes {
		name, value, _ := strings.Cut(attribute, "=")
		values[name] = append(values[name], value)
	}
	for name, list := range values {
		request.Attribute(name, list)
	}
	require.NoError(t, s.root.Add(request), dn)
}

// values reads an attribute of an entry; nil if there is no such entry.
func (s *slapd) values(t *testing.T, dn, attribute string) []string {
	t.Helper()
	result, err := s.root.Search(goldap.NewSearchRequest(dn, goldap.ScopeBaseObject, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{attribute}, nil))
	if goldap.IsErrorWithCode(err, goldap.LDAPResultNoSuchObject) {
		return nil
	}
	require.NoError(t, err)
	return result.Entries[0].GetAttributeValues(attribute)
}
