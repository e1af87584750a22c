package slack

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// frameSpy watches the bytes of a WebSocket for fragmented messages, which Slack does not put together again and
// the WebSocket library does without a word. It follows RFC 6455, section 5.2.
type frameSpy struct {
	net.Conn
	mu         sync.Mutex
	header     []byte // of the frame being read, until it is complete
	skip       uint64 // bytes of payload still to come
	fragmented bool
}

// Read hands the bytes on and looks at the frame headers among them.
func (f *frameSpy) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	f.look(p[:n])
	return n, err //nolint:wrapcheck // a connection's own error, for its own reader
}

// takeFragmented tells whether the messages read so far held a fragmented one, and forgets it.
func (f *frameSpy) takeFragmented() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.fragmented
	f.fragmented = false
	return seen
}

func (f *frameSpy) look(data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(data) > 0 {
		if f.skip > 0 {
			step := min(f.skip, uint64(len(data)))
			f.skip -= step
			data = data[step:]
			continue
		}
		f.header = append(f.header, data[0])
		data = data[1:]
		if size, ok := headerSize(f.header); ok && len(f.header) == size {
			f.skip = payloadSize(f.header)
			final, opcode := f.header[0]&0x80 != 0, f.header[0]&0x0f
			f.fragmented = f.fragmented || (opcode < 8 && (!final || opcode == 0))
			f.header = f.header[:0]
		}
	}
}

// headerSize is how long a frame's header is, once its first two bytes are known.
func headerSize(h []byte) (int, bool) {
	if len(h) < 2 {
		return 0, false
	}
	size := 2
	switch h[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if h[1]&0x80 != 0 {
		size += 4 // the mask
	}
	return size, true
}

func payloadSize(h []byte) uint64 {
	length := uint64(h[1] & 0x7f)
	var extra int
	switch length {
	case 126:
		extra = 2
	case 127:
		extra = 8
	default:
		return length
	}
	length = 0
	for _, b := range h[2 : 2+extra] {
		length = length<<8 | uint64(b)
	}
	return length
}

// spyingWriter puts a frameSpy under a connection that is taken over for a WebSocket.
type spyingWriter struct {
	http.ResponseWriter
	spy *frameSpy
}

// Hijack takes the connection over.
func (s *spyingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(s.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("take the connection over: %w", err)
	}
	s.spy = &frameSpy{Conn: conn}
	return s.spy, rw, nil
}
