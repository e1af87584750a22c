package ldap_test

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// The operations that change something (RFC 4511): their tags within a message.
const (
	opModify = 0x66
	opAdd    = 0x68
	opDelete = 0x4a
	opRename = 0x6c
)

// wire stands between the connector and the server. It counts what changes something, and can cut the line at it.
type wire struct {
	address, server string
	writes          atomic.Int64
	cut             atomic.Int64
	all             sync.WaitGroup
}

// Where the next write is cut.
const (
	nowhere = iota
	// before: the server never hears of it.
	before
	// after: the server carries it out, and its answer is lost.
	after
	// never: the server never hears of it, and the line stays open.
	never
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

func (w *wire) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer server.Close()
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
	for {
		message, operation, err := next(client)
		if err != nil {
			return
		}
		where := int64(nowhere)
		switch operation {
		case opModify, opAdd, opDelete, opRename:
			w.writes.Add(1)
			where = w.cut.Swap(nowhere)
		}
		if where == before {
			return
		}
		if where == never {
			_, _ = io.Copy(io.Discard, client) // until the other side gives up
			return
		}
		if where == after {
			close(deaf)
		}
		if _, err := server.Write(message); err != nil {
			return
		}
		if where == after {
			_, _ = io.Copy(io.Discard, client) // until the answer has come and is lost
			return
		}
	}
}

// next reads one message: a sequence of an integer and an operation, in BER.
func next(client net.Conn) (message []byte, operation byte, err error) {
	head := make([]byte, 2)
	if _, err = io.ReadFull(client, head); err != nil {
		return nil, 0, err
	}
	size, more := int(head[1]), []byte(nil)
	if head[1]&0x80 != 0 {
		more = make([]byte, head[1]&0x7f)
		if _, err = io.ReadFull(client, more); err != nil {
			return nil, 0, err
		}
		size = 0
		for _, b := range more {
			size = size<<8 | int(b)
		}
	}
	body := make([]byte, size)
	if _, err = io.ReadFull(client, body); err != nil {
		return nil, 0, err
	}
	return append(append(head[:2:2], more...), body...), body[2+body[1]], nil
}
