package main

import (
	"context"
	"fmt"

	"github.com/usherhq/usher/connectors/mail"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/web"
)

// sender is the mail server that SMTP_URL names, or nil when it names none.
func (s settings) sender() (*mail.Sender, error) {
	if s.SMTP == "" {
		return nil, nil //nolint:nilnil // no mail server is an ordinary setting
	}
	sender, err := mail.New(s.SMTP, "")
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	return sender, nil
}

// withMail adds to options what sends mail, if anything does.
func (s settings) withMail(options flows.Options) (flows.Options, error) {
	options.PublicURL = s.Public
	sender, err := s.sender()
	if sender != nil {
		options.Mailer, options.Letters = mailer{sender}, web.Letters{}
	}
	return options, err
}

// mailer sends mails for the flows.
type mailer struct{ sender *mail.Sender }

// Send hands one mail to the server.
func (m mailer) Send(ctx context.Context, one flows.Mail) error {
	return m.sender.Send(ctx, mail.Message(one))
}
