package mailtest

import (
	"fmt"
	"strings"
)

// settings is an Exim that takes everything and puts it into one folder, a file for each mail.
const settings = `exim_path = %[2]s
primary_hostname = mail.example.com
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%slog
domainlist local = *
keep_environment =
host_lookup =
rfc1413_hosts =
acl_smtp_rcpt = recipient
%[3]s
begin acl
recipient:
  deny local_parts = refused
       message = nobody of this name is here
  defer local_parts = busy
        message = come back later
%[4]s  accept
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = %[1]s/mail
  maildir_format
  envelope_to_add
  return_path_add
%[5]s
begin authenticators
%[6]s`

// config is the server's configuration.
func (s *Server) config() string {
	var main, recipient, transport, logins string
	if s.as.borrowed {
		transport = fmt.Sprintf("  user = %d\n  group = %d\n", s.as.uid, s.as.gid)
	} else {
		main = fmt.Sprintf("exim_user = %d\nexim_group = %d\n", s.as.uid, s.as.gid)
	}
	if s.encrypts {
		main += fmt.Sprintf("tls_advertise_hosts = *\ntls_certificate = %[1]s\ntls_privatekey = %[1]s\n", s.path("certificate"))
	} else {
		main += "tls_advertise_hosts =\n"
	}
	if s.user != "" {
		recipient = "  deny !authenticated = *\n       message = log in first\n"
		logins = s.logins()
		if s.encrypts {
			main += "auth_advertise_hosts = ${if def:tls_in_cipher{*}}\n"
		}
	}
	return fmt.Sprintf(settings, s.folder, s.program, main, recipient, transport, logins)
}

// logins are the ways to log in.
func (s *Server) logins() string {
	user, password := expanded(s.user), expanded(s.password)
	return fmt.Sprintf(`plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{%[1]s}}{eq{$auth3}{%[2]s}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${if and{{eq{$auth1}{%[1]s}}{eq{$auth2}{%[2]s}}}}
  server_set_id = $auth1
`, user, password)
}

// expanded is a text as it stands where Exim looks for variables.
func expanded(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `{`, `\{`, `}`, `\}`).Replace(text)
}
