package postgres_test

import (
	"encoding/binary"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"
)

// wire stands between the connector and the server. It reads what the connector says, counts what changes something,
// and can cut the line.
type wire struct {
	address, server string
	writes          atomic.Int64
	// cut looks at a statement and says where to cut.
	cut atomic.Pointer[func(statement string) place]
	all sync.WaitGroup
}

// place is where a wire is cut.
type place int

const (
	nowhere place = iota
	// before: the server never hears the statement.
	before
	// after: the server carries it out, and its answer is lost.
	after
)

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{address: listener.Addr().String(), server: server}
	w.all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			w.all.Go(func() { w.connect(client) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		w.all.Wait()
	})
	return w
}

// cutAt cuts the line at the first statement that begins with a word.
func (w *wire) cutAt(where place, word string) {
	var once atomic.Bool
	cut := func(statement string) place {
		if strings.HasPrefix(statement, word) && once.CompareAndSwap(false, true) {
			return where
		}
		return nowhere
	}
	w.cut.Store(&cut)
}

func (w *wire) connect(client net.Conn) {
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		_ = client.Close()
		return
	}
	deaf := make(chan struct{})
	w.all.Go(func() {
		defer client.Close()
		defer server.Close()
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			select {
			case <-deaf:
				return // the answer is lost
			default:
			}
			if _, writeErr := client.Write(buffer[:n]); err != nil || writeErr != nil {
				return
			}
		}
	})
	defer server.Close()
	defer client.Close()
	w.listen(client, server, deaf)
}

// listen passes on what the client says, message by message.
func (w *wire) listen(client, server net.Conn, deaf chan struct{}) {
	for startup := true; ; startup = false {
		message, err := next(client, startup)
		if err != nil {
			return
		}
		where := nowhere
		if !startup {
			where = w.judge(message)
		}
		if where == before {
			return
		}
		if where == after {
			close(deaf)
		}
		if _, err := server.Write(message); err != nil {
			return
		}
		if where == after {
			_, _ = io.Copy(server, client) // what belongs to it, until the answer comes and is lost
			return
		}
	}
}

// next reads one message of the protocol. The first one has no type.
func next(client net.Conn, startup bool) ([]byte, error) {
	head := make([]byte, 5)
	if startup {
		head = head[:4]
	}
	if _, err := io.ReadFull(client, head); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	_, err := io.ReadFull(client, body)
	return slices.Concat(head, body), err
}

// changing are the statements that change something.
var changing = regexp.MustCompile(`^(create|alter|drop|grant|revoke) |pg_terminate_backend`)

func (w *wire) judge(message []byte) place {
	var statement string
	switch message[0] {
	case 'Q':
		var query pgproto3.Query
		_ = query.Decode(message[5:])
		statement = query.String
	case 'P':
		var parse pgproto3.Parse
		_ = parse.Decode(message[5:])
		statement = parse.Query
	default:
		return nowhere
	}
	if changing.MatchString(statement) {
		w.writes.Add(1)
	}
	if cut := w.cut.Load(); cut != nil {
		return (*cut)(statement)
	}
	return nowhere
}
