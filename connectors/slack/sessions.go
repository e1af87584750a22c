package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/usherhq/usher/connectors"
)

// sessionEndpoints holds the one endpoint that looks whether sessions ended. Slack shows them in Enterprise
// organizations only, so that the endpoints that disable and demote, which work on other plans too, do not promise it.
func (p *provider) sessionEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "end_sessions", Effect: connectors.Revokes, EndsSessions: true, Args: []connectors.Field{userArg},
		Doc:     "Signs a person out on all devices, and looks whether that is done. Enterprise only",
		Outputs: outputs(connectors.Field{Name: "sessions", Type: connectors.TypeInt, Doc: "how many sessions are open"}),
		Read:    p.readSessions,
		Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
			return p.reset(ctx, found.Seen.(account).id)
		},
		Did: func(call connectors.Call) string { return "Signed " + userName(call) + " out of Slack on all devices" },
	}}
}

func (p *provider) readSessions(ctx context.Context, call connectors.Call) (connectors.State, error) {
	seen, err := p.account(ctx, call)
	if err != nil {
		return connectors.State{}, err
	}
	open, summary := 0, userName(call)+" has no active account in Slack"
	if seen.exists() {
		if open, err = p.sessions(ctx, seen.id); err != nil {
			return connectors.State{}, err
		}
		summary = fmt.Sprintf("%s has %d open sessions in Slack", userName(call), open)
	}
	return connectors.State{Done: open == 0, Summary: summary, Seen: seen, Output: map[string]any{
		"exists": seen.exists(), "id": seen.id, "sessions": open,
	}}, nil
}

// sessions counts a person's open sessions; the first page tells enough.
func (p *provider) sessions(ctx context.Context, user string) (int, error) {
	if p.admin != nil && p.teamID == "" {
		return 0, connectors.Refuse(errNoTeam)
	}
	var answer struct {
		Sessions []struct{} `json:"active_sessions"`
	}
	err := p.asAdmin(ctx, "admin.users.session.list", map[string]any{"team_id": p.teamID, "user_id": user, "limit": 1000}, &answer)
	if codeOf(err) == "no_active_sessions" {
		return 0, nil
	}
	return len(answer.Sessions), err
}

func (p *provider) reset(ctx context.Context, user string) error {
	return p.asAdmin(ctx, "admin.users.session.reset", map[string]any{"user_id": user}, nil)
}

// notOurs are answers that mean that the sessions of this person are not for this token to reset.
var notOurs = []string{
	"feature_not_enabled", "missing_scope", "not_allowed_token_type", "not_an_admin", "unknown_method",
	"user_not_found", "cannot_reset_primary_owner",
}

// resetToo resets sessions after a change that is made already, where the token may. What goes wrong otherwise stands
// in the run's evidence: the change itself is for the read-back to find.
func (p *provider) resetToo(ctx context.Context, user string) error {
	if p.admin == nil {
		return nil
	}
	err := p.reset(ctx, user)
	if err == nil || slices.Contains(notOurs, codeOf(err)) {
		return nil
	}
	return connectors.Unsure(errors.Join(errors.New("the change was accepted, but the sessions were perhaps not reset"), err))
}
