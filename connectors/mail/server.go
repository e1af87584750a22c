package mail

import (
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// encryption says what becomes of a server that offers no STARTTLS.
type encryption int

const (
	mandatory     encryption = iota // it gets nothing
	opportunistic                   // it gets the mail as it is
	none                            // STARTTLS is not asked for
)

// policies are the values of the parameter tls.
var policies = map[string]encryption{"mandatory": mandatory, "opportunistic": opportunistic, "none": none}

// server is where mail is handed over, and how.
type server struct {
	host, port     string
	user, password string
	encrypted      bool // from the first byte on: smtps
	loopback       bool
	starttls       encryption
}

// readServer reads SMTP_URL, and who mail is from if it says so.
func readServer(text string) (to server, from string, err error) {
	address, err := url.Parse(text)
	switch {
	case err != nil: // the library's error repeats the password
		return to, "", errors.New("SMTP_URL is no address: write smtp://user:password@host:port, with special characters of the user and the password as %XX")
	case address.Scheme != "smtp" && address.Scheme != "smtps":
		return to, "", errors.New("SMTP_URL must begin with smtp:// or smtps://")
	case address.Hostname() == "":
		return to, "", errors.New("SMTP_URL names no host")
	case address.Path != "" && address.Path != "/", address.Fragment != "":
		return to, "", errors.New("SMTP_URL must have no path and no fragment; write / and # of a password as %2F and %23")
	}
	to = server{host: address.Hostname(), port: address.Port(), user: address.User.Username(), encrypted: address.Scheme == "smtps"}
	to.password, _ = address.User.Password()
	to.loopback = isLoopback(to.host)
	if (to.user == "") != (to.password == "") {
		return to, "", errors.New("SMTP_URL must have both a user and a password, or neither")
	}
	if err := to.readPort(); err != nil {
		return to, "", err
	}
	from, err = to.readQuery(address)
	return to, from, err
}

// readPort fills in the port that the scheme stands for (RFC 6409 and RFC 8314).
func (s *server) readPort() error {
	if s.port == "" {
		s.port = "587"
		if s.encrypted {
			s.port = "465"
		}
	}
	if port, err := strconv.Atoi(s.port); err != nil || port < 1 || port > 65535 {
		return errors.New("the port in SMTP_URL must be between 1 and 65535")
	}
	return nil
}

// readQuery reads the parameters from and tls.
func (s *server) readQuery(address *url.URL) (from string, err error) {
	query, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return "", errors.New("the part of SMTP_URL after ? can't be read: write ?from=usher@example.com&tls=mandatory")
	}
	if s.loopback {
		s.starttls = opportunistic // nobody sits between a machine and itself
	}
	for name, values := range query {
		policy, known := policies[values[0]]
		switch {
		case len(values) > 1, name != "from" && name != "tls":
			return "", errors.New("SMTP_URL may have ?from= and &tls= once each, and no other parameter")
		case name == "tls" && (!known || s.encrypted):
			return "", errors.New("tls in SMTP_URL must be mandatory, opportunistic or none, and has no meaning for smtps://")
		case name == "tls":
			s.starttls = policy
		}
	}
	return query.Get("from"), nil
}

// readFrom reads the first sender that is given.
func readFrom(candidates ...string) (mail.Address, error) {
	n := slices.IndexFunc(candidates, func(one string) bool { return one != "" })
	if n < 0 {
		return mail.Address{}, errors.New("SMTP_URL does not say who mail is from: add ?from=usher@example.com")
	}
	from, err := mail.ParseAddress(candidates[n])
	if err != nil || !plainAddress(from.Address) {
		return mail.Address{}, errors.New("from in SMTP_URL is no mail address: write ?from=usher@example.com")
	}
	return mail.Address{Name: oneLine(from.Name), Address: from.Address}, nil
}

// plainAddress says that an address stands in a command as it is: no quotes, spaces or control characters.
func plainAddress(address string) bool {
	return len(address) <= 254 && strings.Count(address, "@") == 1 && !strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`"<>()[]\,;:`, r)
	})
}

func (s *server) address() string { return net.JoinHostPort(s.host, s.port) }

// String names the server, so that whoever prints a Sender prints no password.
func (s *server) String() string { return "mail server " + s.address() }

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}
