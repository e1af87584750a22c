package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// The kinds of error that callers tell apart with errors.Is. Slack's own codes are read here and
// nowhere else.
var (
	// ErrUnknown means that a call which changes something was sent and its answer was lost. It may
	// have been done. It is never repeated blindly: FindPosted settles a lost post.
	ErrUnknown = errors.New("sent to Slack, but the answer was lost")
	// ErrUnavailable means that Slack could not be reached or could not work just now, and that
	// nothing was changed. The call may be made again later.
	ErrUnavailable = errors.New("not available at Slack just now")
	// ErrNotFound means that the channel, message, user, group or view does not exist for us.
	ErrNotFound = errors.New("not found at Slack")
	// ErrNotMember means that the bot, or the person an ephemeral is for, is not in the channel.
	ErrNotMember = errors.New("not a member of the Slack channel")
	// ErrExpired means that a trigger or response address was used or became too old.
	ErrExpired = errors.New("too late for Slack")
	// ErrConflict means that a view changed since its hash was read.
	ErrConflict = errors.New("changed at Slack meanwhile")
	// ErrToken means that a token is wrong, revoked or of the wrong kind.
	ErrToken = errors.New("token refused by Slack")
	// ErrScope means that the app lacks a scope; Refused.Needed names it.
	ErrScope = errors.New("scope missing at Slack")
	// ErrDisabled means that the app's Home or Messages tab, or the person's account, is off.
	ErrDisabled = errors.New("switched off at Slack")
	// ErrPlan means that the workspace's plan does not have it, such as user groups.
	ErrPlan = errors.New("not in the workspace's Slack plan")
)

// kinds sorts Slack's error codes. A code that is not here is a plain Refused.
var kinds = map[error][]string{
	ErrNotFound: {
		"channel_not_found", "message_not_found", "thread_not_found", "user_not_found",
		"users_not_found", "user_not_visible", "no_such_subteam", "view_not_found", "not_found",
	},
	ErrNotMember: {"not_in_channel", "user_not_in_channel"},
	ErrExpired: {
		"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "expired_url", "used_url",
	},
	ErrConflict: {"hash_conflict"},
	ErrToken: {
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
		"not_allowed_token_type",
	},
	ErrScope:    {"missing_scope"},
	ErrPlan:     {"plan_upgrade_required", "paid_teams_only"},
	ErrDisabled: {"messages_tab_disabled", "not_enabled", "user_disabled"},
}

// notNow are codes of calls that were not made; of perhaps Slack says that some of the operation may have
// succeeded.
var (
	notNow  = []string{"service_unavailable", "request_timeout", "team_added_to_org"}
	perhaps = []string{"fatal_error", "internal_error"}
)

// RateLimited means that Slack, or our own budget for it, asks to wait. Nothing was done.
type RateLimited struct { //nolint:errname // it reads as what happened: bot.RateLimited
	// Method is the Web API method, or the channel, whose budget is used up.
	Method string
	// RetryAfter is how long to wait from now.
	RetryAfter time.Duration
}

// Error names the method and the wait.
func (e *RateLimited) Error() string {
	return fmt.Sprintf("slack %s: rate limited for %s", e.Method, e.RetryAfter.Round(time.Millisecond))
}

// Refused means that Slack understood the call and said no (ok:false). errors.Is finds its kind
// (ErrNotFound, ErrNotMember, …) where there is one.
type Refused struct { //nolint:errname // as above
	// Method is the Web API method.
	Method string
	// Code is Slack's code, for the log.
	Code string
	// Messages are Slack's details, such as which part of a view is wrong.
	Messages []string
	// Needed is the scope that ErrScope is about.
	Needed string
}

// Error gives the code and Slack's details.
func (e *Refused) Error() string {
	text := fmt.Sprintf("slack %s: %s", e.Method, e.Code)
	if e.Needed != "" {
		text += " (needed: " + e.Needed + ")"
	}
	if len(e.Messages) > 0 {
		text += ": " + strings.Join(e.Messages, "; ")
	}
	return text
}

// Is reports whether the code is of the given kind.
func (e *Refused) Is(kind error) bool { return slices.Contains(kinds[kind], e.Code) }

// classify turns what the client returned for a method into the errors of this package. What is left
// over after a successful status is an answer that could not be read: for a call that changes
// something this is ErrUnknown.
func classify(method string, err error) error {
	if err == nil {
		return nil
	}
	if limited, ok := errors.AsType[*RateLimited](err); ok {
		return limited
	}
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return refused(method, refusal)
	}
	for _, kind := range []error{ErrUnknown, ErrUnavailable, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return fmt.Errorf("slack %s: %w", method, err)
		}
	}
	if errors.Is(err, slack.ErrParametersMissing) || errors.Is(err, slack.ErrBlockIDNotUnique) {
		return &Refused{Method: method, Code: "invalid_arguments", Messages: []string{err.Error()}}
	}
	if repeatable[method] {
		return fmt.Errorf("slack %s: %w: %w", method, ErrUnavailable, err)
	}
	return fmt.Errorf("slack %s: %w: %w", method, ErrUnknown, err)
}

// refused sorts an answer with ok:false. A code that says "not now" or "perhaps" is no refusal.
func refused(method string, answer slack.SlackErrorResponse) error {
	switch {
	case answer.Err == "ratelimited" || answer.Err == "rate_limited":
		return &RateLimited{Method: method, RetryAfter: defaultRetryAfter}
	case slices.Contains(perhaps, answer.Err) && !repeatable[method]:
		return fmt.Errorf("slack %s: %s: %w", method, answer.Err, ErrUnknown)
	case slices.Contains(notNow, answer.Err), slices.Contains(perhaps, answer.Err):
		return fmt.Errorf("slack %s: %s: %w", method, answer.Err, ErrUnavailable)
	}
	return &Refused{
		Method: method, Code: answer.Err, Needed: answer.Needed,
		Messages: answer.ResponseMetadata.Messages,
	}
}
