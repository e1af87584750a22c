package slack

import (
	"time"

	"github.com/gorilla/websocket"
)

// writeFrames sends queued frames and pings; an empty frame asks for an orderly close.
func (w *Workspace) writeFrames(s *socket) {
	ping := time.NewTicker(w.opts.PingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-s.quit:
			return
		case <-ping.C:
			err = s.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(writePatience))
		case frame := <-s.out:
			_ = s.conn.SetWriteDeadline(time.Now().Add(writePatience)) // the write reports what is wrong
			if len(frame) == 0 {
				err = s.conn.WriteMessage(websocket.CloseMessage,
					websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
				_ = s.conn.SetReadDeadline(time.Now().Add(writePatience)) // for the client's own close frame
				break
			}
			err = s.conn.WriteMessage(websocket.TextMessage, frame)
		}
		if err != nil {
			s.drop()
			return
		}
	}
}

// readFrames takes acknowledgements until the connection ends. A client that answers no ping is dropped.
func (w *Workspace) readFrames(s *socket) {
	patience := 6 * w.opts.PingEvery
	s.conn.SetReadLimit(frameMost)
	extend := func() { _ = s.conn.SetReadDeadline(time.Now().Add(patience)) }
	extend()
	s.conn.SetPongHandler(func(string) error { extend(); return nil })
	answerPing := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error { extend(); return answerPing(data) })
	for {
		kind, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.TextMessage {
			w.receive(s, data, s.frames.takeFragmented())
		}
	}
}
