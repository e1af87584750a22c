package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// helloTimeout is how long the doctor waits for a socket to greet.
const helloTimeout = 10 * time.Second

// Finding is one thing that Doctor looked at.
type Finding struct {
	Name string
	OK   bool
	// Detail is what was seen.
	Detail string
	// Mend says what to do, when there is something to do.
	Mend string
}

// Doctor checks from outside whether the installation can work. It opens one socket for a moment; a
// delivery that Slack sends just there fails for the person who caused it.
func (b *Bot) Doctor(ctx context.Context) []Finding {
	findings := []Finding{}
	identity, finding := b.examineToken(ctx)
	findings = append(findings, finding)
	if finding.OK {
		findings = append(findings, examineScopes(identity.Scopes), b.examineGroups(ctx))
	}
	findings = append(findings, b.examineSocket(ctx))
	return append(findings, homeHint(), messagesHint())
}

func (b *Bot) examineToken(ctx context.Context) (Identity, Finding) {
	identity, err := b.Identify(ctx)
	if err != nil {
		return identity, Finding{
			Name: "Slack bot token", Detail: err.Error(),
			Mend: mend(err, "Set SLACK_BOT_TOKEN to the Bot User OAuth Token (xoxb-…) under OAuth & Permissions of the app."),
		}
	}
	return identity, Finding{
		Name: "Slack bot token", OK: true,
		Detail: fmt.Sprintf("workspace %s (%s), bot user %s", identity.Team, identity.TeamID, identity.BotUserID),
	}
}

func examineScopes(granted []string) Finding {
	finding := Finding{Name: "Slack scopes", OK: true}
	if len(granted) == 0 {
		finding.Detail = "Slack did not say which scopes are granted"
		return finding
	}
	var missing []string
	for _, scope := range Scopes {
		if !slices.Contains(granted, scope.Name) {
			missing = append(missing, scope.Name+" ("+scope.Reason+")")
		}
	}
	if len(missing) == 0 {
		finding.Detail = fmt.Sprintf("all %d granted", len(Scopes))
		return finding
	}
	return Finding{
		Name: finding.Name, Detail: "missing: " + strings.Join(missing, ", "),
		Mend: "Paste manifest.yaml into App Manifest of the app and install it again.",
	}
}

// examineGroups tells whether the plan has user groups; without them, approvers are people only.
func (b *Bot) examineGroups(ctx context.Context) Finding {
	groups, err := b.Usergroups(ctx)
	switch {
	case errors.Is(err, ErrPlan):
		return Finding{Name: "Slack user groups", OK: true, Detail: "not in this workspace's plan: name people as approvers"}
	case err != nil:
		return Finding{Name: "Slack user groups", Detail: err.Error(), Mend: mend(err, "Try again.")}
	}
	return Finding{Name: "Slack user groups", OK: true, Detail: fmt.Sprintf("%d found", len(groups))}
}

func (b *Bot) examineSocket(ctx context.Context) Finding {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	open, err := b.hello(ctx)
	if err != nil {
		return Finding{
			Name: "Slack socket", Detail: err.Error(),
			Mend: mend(err, "Set SLACK_APP_TOKEN to an app-level token (xapp-…) with connections:write, and "+
				"switch on Socket Mode. Outgoing WebSocket connections to wss://*.slack.com must be allowed."),
		}
	}
	finding := Finding{Name: "Slack socket", OK: true, Detail: fmt.Sprintf("greeted; %d open in all", open)}
	if open > maxConnections-b.settings.Connections {
		finding.Mend = fmt.Sprintf("Slack allows %d connections for one app: lower USHER_SLACK_CONNECTIONS or run fewer processes.", maxConnections)
	}
	return finding
}

// hello opens a socket, waits for its greeting and returns how many are open for the app.
func (b *Bot) hello(ctx context.Context) (int, error) {
	conn, err := b.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	deadline, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(deadline); err != nil {
		return 0, fmt.Errorf("set deadline: %w", err)
	}
	var greeting struct {
		Type        string `json:"type"`
		Reason      string `json:"reason"`
		Connections int    `json:"num_connections"`
	}
	if err := conn.ReadJSON(&greeting); err != nil {
		return 0, fmt.Errorf("read greeting: %w", err)
	}
	if greeting.Type != "hello" {
		return 0, fmt.Errorf("greeted with %s %s", greeting.Type, greeting.Reason)
	}
	return greeting.Connections, nil
}

func homeHint() Finding {
	return Finding{
		Name: "Slack Home tab", OK: true, Detail: "cannot be seen from here",
		Mend: "If the Home tab is missing, switch it on under App Home; manifest.yaml does so.",
	}
}

func messagesHint() Finding {
	return Finding{
		Name: "Slack Messages tab", OK: true, Detail: "cannot be seen from here",
		Mend: "If direct messages fail with messages_tab_disabled, switch it on under App Home.",
	}
}

// mend picks the advice for an error, or the one given.
func mend(err error, otherwise string) string {
	switch {
	case errors.Is(err, ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return "Check that this machine reaches SLACK_API_URL, and its proxy settings (HTTPS_PROXY)."
	case errors.Is(err, ErrScope):
		return "Paste manifest.yaml into App Manifest of the app and install it again."
	}
	return otherwise
}
