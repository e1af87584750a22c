package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	superuser   = "usher"
	maintenance = "postgres" // the database that initdb creates for such connections
	debianRoot  = "/usr/lib/postgresql"

	// attempts is how often a start is tried: between choosing a free port and
	// listening on it, another process may take it.
	attempts = 5
)

// server is a running PostgreSQL.
type server struct {
	as     account
	bin    string
	folder string
	port   string
	leash  io.Closer     // standard input of the janitor
	swept  chan struct{} // the janitor has ended, and with it the server and its files
	exited chan struct{} // the server has ended
	once   sync.Once
}

// startServer creates a cluster and returns when a client can log in to it.
func startServer() (*server, error) {
	as, err := findAccount()
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries(debianRoot)
	if err != nil {
		return nil, err
	}
	s := &server{as: as, bin: bin}
	if err := s.makeFolder(); err != nil {
		return nil, err
	}
	if err := s.boot(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// boot creates the cluster in the folder and starts it.
func (s *server) boot() error {
	initdb := s.command(0, "initdb", "--pgdata", s.data(), "--username", superuser,
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("run initdb: %w: %s", err, out)
	}
	var err error
	for range attempts {
		if err = s.listen(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("start PostgreSQL: %w", err)
}

// listen starts the server on a free port and waits for a login.
func (s *server) listen() error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.port = port
	s.exited = make(chan struct{})
	if err := s.run(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		err := s.login(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("the server ended: %s", s.log())
		case <-ctx.Done():
			return fmt.Errorf("log in: %w: %s", err, s.log())
		case <-again.C:
		}
	}
}

// options are those of a server whose data nobody will miss.
func (s *server) options() []string {
	options := []string{"-D", s.data(), "-p", s.port}
	for _, setting := range []string{
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=" + s.data(),
		"max_connections=400",
		"fsync=off",
		"full_page_writes=off",
		"synchronous_commit=off",
		"timezone=UTC",
	} {
		options = append(options, "-c", setting)
	}
	return options
}

// login connects once and checks that the server is this one and not another
// that took the port.
func (s *server) login(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.dsn(maintenance))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var data string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&data); err != nil {
		return err
	}
	if data != s.data() {
		return errors.New("another server has the port")
	}
	return nil
}

// stop ends the server and removes its folder.
func (s *server) stop() {
	s.once.Do(func() {
		_ = s.leash.Close() // closing a pipe twice is the only way to fail
		<-s.swept
	})
}

// data is the folder of the cluster.
func (s *server) data() string { return filepath.Join(s.folder, "data") }

// dsn is the URL of a database of this server.
func (s *server) dsn(database string) string {
	address := url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Host:     net.JoinHostPort("127.0.0.1", s.port),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

// log is what the server wrote, for an error message.
func (s *server) log() string {
	text, err := os.ReadFile(filepath.Join(s.folder, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// freePort asks the system for a port that nobody listens on.
func freePort() (string, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err := errors.Join(err, listener.Close()); err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return port, nil
}
