package bot

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// maxConnections is Slack's cap on Socket Mode connections of one app, over all its processes.
const maxConnections = 10

// Settings are what an operator sets in the environment for the Slack side.
type Settings struct {
	// BotToken (xoxb-…) is the token of every Web API call.
	BotToken string `env:"SLACK_BOT_TOKEN"`
	// AppToken (xapp-…, scope connections:write) opens sockets and does nothing else.
	AppToken string `env:"SLACK_APP_TOKEN"`
	// APIURL is the Web API base. It ends in a slash; Validate adds a missing one.
	APIURL string `env:"SLACK_API_URL, default=https://slack.com/api/"`
	// Connections is how many sockets this process keeps open. Two are needed so that one can be
	// recycled while the other takes the clicks.
	Connections int `env:"USHER_SLACK_CONNECTIONS, default=2"`
}

// Validate reports the first setting that cannot work and names its variable, never its value.
func (s *Settings) Validate() error {
	if err := checkToken("SLACK_BOT_TOKEN", s.BotToken, "xoxb-"); err != nil {
		return err
	}
	if err := checkToken("SLACK_APP_TOKEN", s.AppToken, "xapp-"); err != nil {
		return err
	}
	if s.Connections < 1 || s.Connections > maxConnections {
		return fmt.Errorf("USHER_SLACK_CONNECTIONS must be between 1 and %d", maxConnections)
	}
	base, err := url.Parse(s.APIURL)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return errors.New("SLACK_API_URL must be an http or https address")
	}
	if base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return errors.New("SLACK_API_URL must have no user, query or fragment")
	}
	if !strings.HasSuffix(s.APIURL, "/") {
		s.APIURL += "/"
	}
	return nil
}

func checkToken(name, value, prefix string) error {
	switch {
	case value == "":
		return fmt.Errorf("%s is not set", name)
	case !strings.HasPrefix(value, prefix):
		return fmt.Errorf("%s is not a token of the right kind: it must begin with %s", name, prefix)
	case strings.ContainsAny(value, " \t\r\n"):
		return fmt.Errorf("%s contains white space", name)
	}
	return nil
}
