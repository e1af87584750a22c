// Package mail hands messages to an SMTP server.
//
// The user of the server needs to be allowed to send as one address, and nothing else. go-mail writes the messages and
// speaks the protocol. The transaction is driven here and not by go-mail's Client, for four reasons: the Client tells
// how far a failed transaction came only in words; it keeps to the context until it is connected and no longer; it
// leaves the connection open when the server turns it away; and after a failure in the middle of a message it says
// QUIT, before which the library ends the message with a dot, so that half of it could be delivered.
package mail

import (
	"context"
	"crypto/x509"
	"net/mail"
	"time"
)

const (
	// patience is how long each answer of the server may take, with reaching it.
	patience = time.Minute
	// lastPatience is how long the answer to a whole message may take: servers look for viruses before they answer,
	// and giving up leaves open whether the message was taken (RFC 5321, 4.5.3.2.6, asks for ten minutes).
	lastPatience = 5 * time.Minute
)

// Message is one mail to one person. MessageID stays the same for each attempt at it, so that its receiver can drop a
// second copy; it may be written with or without angle brackets. HTML says the same as Text, and may be empty.
type Message struct {
	To, ToName, Subject, Text, HTML, MessageID string
}

// Sender sends through one server. It keeps no connection between messages, and may be used by many at once.
type Sender struct {
	server

	from         mail.Address
	roots        *x509.CertPool // nil: those of the system
	patience     time.Duration
	lastPatience time.Duration
}

// New reads the server's address, such as smtp://user:password@mail.example.com:587?from=usher@example.com. From is
// the sender's address if the URL has none. Errors name what is wrong with SMTP_URL, and none of its values.
func New(url, from string) (*Sender, error) {
	to, written, err := readServer(url)
	if err != nil {
		return nil, err
	}
	sender, err := readFrom(written, from)
	if err != nil {
		return nil, err
	}
	return &Sender{server: to, from: sender, patience: patience, lastPatience: lastPatience}, nil
}

// Send hands a message over. Errors are marked as all connectors' are: refused for good, worth another try because the
// server does not have the message, or unknown because the answer to the whole message was lost.
func (s *Sender) Send(ctx context.Context, m Message) error {
	letter, err := s.compose(m)
	if err != nil {
		return err
	}
	c, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	return c.hand(letter)
}

// Check connects, greets, encrypts and logs in as Send does, and leaves. Errors are marked as those of Send.
func (s *Sender) Check(ctx context.Context) error {
	c, err := s.open(ctx)
	if err != nil {
		return err
	}
	c.close()
	return nil
}
