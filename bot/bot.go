// Package bot is Slack as a machine: the sockets that deliveries arrive on, their acknowledgement and
// routing, and the one door to the Web API. It knows no request and imports nothing of ours.
//
// A delivery goes through three hands. A socket (Run) reads it and never works itself. The Router
// finds the function registered for it, runs it with a deadline, and acknowledges when it returned or
// when Slack's three seconds are nearly over. What follows goes out through the methods of Bot, which
// wait for their turn under Slack's rate limits and answer with the errors of this package.
//
// It is built on github.com/slack-go/slack; where a comment speaks of a hazard it is one of that
// client's that was seen in tests.
package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Bot is one installation of the app in one workspace.
type Bot struct {
	settings Settings
	log      *slog.Logger
	gate     *gate
	api      *slack.Client
	tempo    tempo
	listing  sync.Mutex
	// background are the readers of lines and the farewells to them.
	background sync.WaitGroup

	mu       sync.Mutex
	lines    map[*line]bool
	identity *Identity
	appID    string
	dms      map[string]string
	channels map[string]string
	listedAt time.Time
}

// Identity is who the bot is, as auth.test says.
type Identity struct {
	TeamID    string
	Team      string
	TeamURL   string
	BotUserID string
	BotID     string
	AppID     string
	// Scopes are the scopes granted to the bot token.
	Scopes []string
}

// New returns a Bot for the settings. It makes no call.
func New(settings Settings, log *slog.Logger) (*Bot, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	base, err := url.Parse(settings.APIURL)
	if err != nil {
		return nil, fmt.Errorf("parse SLACK_API_URL: %w", withoutAddress(err))
	}
	bot := &Bot{
		settings: settings, log: log, gate: newGate(base), tempo: normalTempo(),
		lines: map[*line]bool{}, dms: map[string]string{}, channels: map[string]string{},
	}
	// slack.OptionDebug is never set: it logs texts and makes Slack recycle sockets every six minutes.
	bot.api = slack.New(settings.BotToken,
		slack.OptionAppLevelToken(settings.AppToken),
		slack.OptionAPIURL(settings.APIURL),
		slack.OptionHTTPClient(bot.gate),
	)
	return bot, nil
}

// Identify asks Slack who the bot is and which scopes it has. The answer is kept for calls that need
// it later.
func (b *Bot) Identify(ctx context.Context) (Identity, error) {
	answer, err := b.api.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, classify("auth.test", err)
	}
	identity := Identity{
		TeamID: answer.TeamID, Team: answer.Team, TeamURL: answer.URL, BotUserID: answer.UserID,
		BotID: answer.BotID, AppID: b.appIDOf(ctx, answer.BotID), Scopes: scopesIn(answer.Header),
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.identity = &identity
	return identity, nil
}

// me is the identity from the last Identify, or asks now.
func (b *Bot) me(ctx context.Context) (Identity, error) {
	b.mu.Lock()
	known := b.identity
	b.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return b.Identify(ctx)
}

// appIDOf is the app's ID, which the first socket's greeting or bots.info tells. It is only needed
// for links, so that its absence is no error.
func (b *Bot) appIDOf(ctx context.Context, botID string) string {
	b.mu.Lock()
	known := b.appID
	b.mu.Unlock()
	if known != "" || botID == "" {
		return known
	}
	answer, err := b.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: botID})
	if err != nil {
		b.log.DebugContext(ctx, "slack app id not known yet", "error", classify("bots.info", err))
		return ""
	}
	return answer.AppID
}

func scopesIn(header http.Header) []string {
	var scopes []string
	for scope := range strings.SplitSeq(header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}
