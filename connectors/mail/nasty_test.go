package mail

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// silence, hangUp and garbage are answers that no server should give.
const (
	silence = "\x00silence"
	hangUp  = "\x00hang up"
	garbage = "\x00\xff<html>\r\n"
)

// nasty is a mail server that behaves at each stage as it is told. Stages are greeting, the commands' names, and dot.
type nasty struct {
	answers  map[string]string
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	heard []string // commands in order, and the messages that a dot ended
}

// startNasty runs a server until t ends.
func startNasty(t *testing.T, answers map[string]string) *nasty {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &nasty{answers: answers, listener: listener}
	n.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			stop := context.AfterFunc(t.Context(), func() { _ = conn.Close() })
			n.running.Go(func() { defer stop(); defer conn.Close(); n.speak(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); n.running.Wait() })
	return n
}

// sender is a Sender for the server, with a password.
func (n *nasty) sender(t *testing.T) *Sender {
	t.Helper()
	s, err := New("smtp://usher:hunter2secret@"+n.listener.Addr().String()+"?from=usher@example.com", "")
	require.NoError(t, err)
	return s
}

// words are what the server heard.
func (n *nasty) words() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.heard...)
}

// speak is one connection.
func (n *nasty) speak(conn net.Conn) {
	in := bufio.NewReader(conn)
	if !n.answer(conn, "greeting", "220 hello") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		n.note(verb)
		usual := map[string]string{"EHLO": "250-hello\r\n250 AUTH PLAIN", "AUTH": "235 yes", "DATA": "354 go on", "QUIT": "221 bye"}[verb]
		if usual == "" {
			usual = "250 ok"
		}
		if !n.answer(conn, verb, usual) || verb == "QUIT" {
			return
		}
		if verb == "DATA" && !strings.HasPrefix(n.answers["DATA"], "4") && !strings.HasPrefix(n.answers["DATA"], "5") && !n.data(conn, in) {
			return
		}
	}
}

// data reads a message up to its dot.
func (n *nasty) data(conn net.Conn, in *bufio.Reader) bool {
	if n.answers["text"] == hangUp {
		_, _ = in.ReadString('\n')
		return false
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			n.note("message")
			return n.answer(conn, "dot", "250 taken")
		}
	}
}

func (n *nasty) note(word string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, word)
}

// answer says what it is to say at a stage, or the usual.
func (n *nasty) answer(conn net.Conn, stage, usual string) bool {
	said, told := n.answers[stage]
	if !told {
		said = usual
	}
	switch said {
	case hangUp:
		return false
	case silence:
		_, _ = io.Copy(io.Discard, conn) // until the client gives up
		return false
	}
	_, err := fmt.Fprint(conn, said, "\r\n")
	return err == nil
}

// TestEveryStageMayGoWrong lets a server say no, later, nothing and nonsense wherever it can.
func TestEveryStageMayGoWrong(t *testing.T) {
	t.Parallel()
	stages := []string{"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot"}
	for answer, want := range map[string]connectors.Outcome{
		"451 4.3.0 later": connectors.Transient, "421 4.3.2 going down": connectors.Transient,
		"550-no\r\n550 5.1.1 never": connectors.Refused, hangUp: connectors.Transient, silence: connectors.Transient, garbage: connectors.Transient,
	} {
		for _, stage := range stages {
			t.Run(stage+" "+strings.Trim(answer, "\x00"), func(t *testing.T) {
				t.Parallel()
				answers := map[string]string{stage: answer}
				if stage == "EHLO" {
					answers["HELO"] = answer
				}
				server := startNasty(t, answers)
				s := server.sender(t)
				if answer == silence {
					s.lastPatience = 200 * time.Millisecond
					if stage != "dot" { // where the earlier stages need time
						s.patience = 200 * time.Millisecond
					}
				}
				err := s.Send(t.Context(), question())
				want := want
				if stage == "dot" && strings.HasPrefix(answer, "\x00") {
					want = connectors.Unknown
				}
				requireOutcome(t, want, err)
				require.NotContains(t, err.Error(), "hunter2secret")
				require.NotContains(t, err.Error(), "\n")
				if stage != "dot" {
					require.NotContains(t, server.words(), "message", "the server has nothing, so that sending again is right")
				}
				if stage == "greeting" || stage == "EHLO" || stage == "AUTH" {
					requireOutcome(t, want, s.Check(t.Context()))
				}
			})
		}
	}
}

func TestHalfAMessageIsNotDelivered(t *testing.T) {
	t.Parallel()
	server := startNasty(t, map[string]string{"text": hangUp})
	m := question()
	m.Text = strings.Repeat("a long text\n", 1<<20)
	err := server.sender(t).Send(t.Context(), m)
	requireOutcome(t, connectors.Transient, err)
	require.NotContains(t, server.words(), "message")
}

func TestGivingUpInTheMiddleSendsNoDot(t *testing.T) {
	t.Parallel()
	server := startNasty(t, nil)
	s := server.sender(t)
	c, err := s.open(t.Context())
	require.NoError(t, err)
	require.NoError(t, c.client.Mail("<usher@example.com>"))
	require.NoError(t, c.client.Rcpt("<ben@example.com>"))
	data, err := c.client.Data()
	require.NoError(t, err)
	c.speaking = false
	_, err = data.Write([]byte(strings.Repeat("half\n", 10000)))
	require.NoError(t, err)
	c.close()
	require.NoError(t, server.listener.Close())
	server.running.Wait()
	require.Equal(t, []string{"EHLO", "AUTH", "MAIL", "RCPT", "DATA"}, server.words())
}

func TestTheEndOfTheContextEndsASend(t *testing.T) {
	t.Parallel()
	for stage, want := range map[string]connectors.Outcome{"greeting": connectors.Transient, "RCPT": connectors.Transient, "dot": connectors.Unknown} {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			s := startNasty(t, map[string]string{stage: silence}).sender(t)
			s.patience, s.lastPatience = time.Hour, time.Hour
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			err := s.Send(ctx, question())
			requireOutcome(t, want, err)
			require.ErrorContains(t, err, context.DeadlineExceeded.Error())
		})
	}
}

func TestWhatComesAfterTheMessageWasTakenDoesNotMatter(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]map[string]string{
		"a goodbye that fails": {"QUIT": hangUp}, "no goodbye": {"QUIT": garbage}, "an odd yes": {"dot": "251 will forward"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startNasty(t, answers)
			require.NoError(t, server.sender(t).Send(t.Context(), question()))
			require.Contains(t, server.words(), "message")
		})
	}
}

func TestAnOldServer(t *testing.T) {
	t.Parallel()
	server := startNasty(t, map[string]string{"EHLO": "502 what?"})
	s := server.sender(t)
	s.user = ""
	require.NoError(t, s.Send(t.Context(), question()))
	m := question()
	m.To = "änne@example.com"
	err := s.Send(t.Context(), m)
	requireOutcome(t, connectors.Refused, err)
	require.ErrorContains(t, err, "only addresses of unaccented Latin letters")

	late := startNasty(t, map[string]string{"EHLO": "502 what?", "HELO": "421 not now"})
	requireOutcome(t, connectors.Transient, late.sender(t).Send(t.Context(), question()))
}

// TestAServerThatRepeatsWhatItHeard must not bring the password into an error.
func TestAServerThatRepeatsWhatItHeard(t *testing.T) {
	t.Parallel()
	const inAuth = "AHVzaGVyAGh1bnRlcjJzZWNyZXQ=" // "\0usher\0hunter2secret"
	for stage, answer := range map[string]string{
		"AUTH": "535 no such command: AUTH PLAIN " + inAuth, "MAIL": "550 usher:hunter2secret may not", "dot": "hunter2secret?",
	} {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			err := startNasty(t, map[string]string{stage: answer}).sender(t).Send(t.Context(), question())
			require.Error(t, err)
			require.NotContains(t, err.Error(), "hunter2secret")
			require.NotContains(t, err.Error(), inAuth)
		})
	}
}
