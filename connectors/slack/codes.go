package slack

import (
	"errors"
	"fmt"
	"slices"

	"github.com/usherhq/usher/connectors"
)

// codeError is Slack's {"ok":false,"error":code}. Its text says what to change.
type codeError struct{ method, code, needed string }

// Error says what Slack answered and how to mend it.
func (e *codeError) Error() string {
	text := fmt.Sprintf("Slack refused %s (%s)", e.method, e.code)
	switch mend := mends[e.code]; {
	case e.code == "missing_scope" && e.needed != "":
		return text + ": add the scope " + e.needed + " under OAuth & Permissions at api.slack.com/apps and install the app again"
	case e.method == "conversations.kick" && e.code == "not_in_channel":
		return text + ": the person is not in the channel any more"
	case mend != "":
		return text + ": " + mend
	}
	return text + ": see docs.slack.dev/reference/methods/" + e.method
}

// Codes that are no final no.
var (
	// passing means that nothing was done and that it may work later.
	passing = []string{"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "user_session_reset_failed", "fetch_members_failed"}
	// unclear leave open what came of a write; fatal_error says so in as many words.
	unclear = []string{"fatal_error", "internal_error", "request_timeout"}
	// conflicts say no because of what is already there.
	conflicts = []string{"already_in_channel", "name_already_exists", "handle_already_exists"}
)

// marked says by kind what the code means. Wrote says that the call was to change something.
func (e *codeError) marked(wrote bool) error {
	switch {
	case slices.Contains(passing, e.code), slices.Contains(unclear, e.code) && !wrote:
		return connectors.Retry(e, 0)
	case slices.Contains(unclear, e.code):
		return connectors.Unsure(e)
	case slices.Contains(conflicts, e.code), e.method == "conversations.kick" && e.code == "not_in_channel":
		return connectors.Conflict(e)
	}
	return connectors.Refuse(e)
}

// codeOf answers Slack's code within err, or "".
func codeOf(err error) string {
	var said *codeError
	if errors.As(err, &said) {
		return said.code
	}
	return ""
}

// badToken is what to do about a token that Slack does not know any more.
const badToken = "Slack does not accept the token: make a new one under OAuth & Permissions at api.slack.com/apps"

// mends say what to change, by Slack's code.
var mends = map[string]string{
	"invalid_auth": badToken, "not_authed": badToken, "token_revoked": badToken, "token_expired": badToken,
	"account_inactive":       "the app was uninstalled or the token's owner was deactivated: install it again and take the new token",
	"not_allowed_token_type": "it needs the user token (xoxp) of an admin, not a bot's: see the setting admin_token",
	"missing_scope":          "add the scope that its page names under OAuth & Permissions at api.slack.com/apps and install the app again",
	"access_denied":          "what the token's owner may see does not include this: use the token of somebody who may",

	"plan_upgrade_required": "user groups need a paid plan (Pro or higher)",
	"paid_teams_only":       "user groups need a paid plan (Pro or higher)",
	"feature_not_enabled":   "this needs an Enterprise organization; on other plans it is done by hand in Slack",
	"unknown_method":        "this Slack does not have the method: check api_url",

	"permission_denied":          "the workspace does not let the token change user groups: allow it in Slack's workspace settings under Permissions, or use the user token of somebody who may",
	"no_such_subteam":            "the user group is gone: create it, or correct the entitlement's target",
	"invalid_users":              "guests, bots and deactivated accounts cannot be in user groups: one of the members is such an account",
	"failed_for_some_users":      "one of the members is not in the workspace of the user group",
	"no_users_provided":          "Slack keeps no user group without members: delete it instead",
	"subteam_max_users_exceeded": "the user group is full: split it",
	"name_already_exists":        "another user group has the name: choose another",
	"handle_already_exists":      "another user group has the handle: choose another by the argument handle",
	"bad_handle":                 "a handle has up to 21 lower-case letters, digits, dots, hyphens and underscores: name one by the argument handle",
	"forbidden_handle":           "Slack keeps this handle for itself: name another by the argument handle",

	"restricted_action":                     "a setting of the workspace forbids it: change it in Slack's workspace settings under Permissions, or use the user token of somebody who may",
	"not_in_channel":                        "the token's account is not in the channel: add it there with /invite",
	"channel_not_found":                     "the token's account does not see the channel: add it there with /invite, or correct the entitlement's target",
	"is_archived":                           "the channel is archived: unarchive it, or correct the entitlement's target",
	"cant_invite_self":                      "this is the token's own account, which a person has to add",
	"cant_kick_self":                        "this is the token's own account, which a person has to remove",
	"cant_kick_from_general":                "nobody can be removed from the workspace's general channel: deactivate the account instead",
	"already_in_channel":                    "the person is in the channel already",
	"method_not_supported_for_channel_type": "this is a direct message, not a channel: correct the entitlement's target",
	"ura_max_channels":                      "a single-channel guest can be in one channel only: make them a multi-channel guest first",
	"user_is_restricted":                    "a guest cannot be added here: make them a member, or add them by hand",
	"no_external_invite_permission":         "the person is of another organization: invite them through Slack Connect",
	"org_user_not_in_team":                  "the person is not in this workspace: add them to it first",
	"invitee_cant_see_channel":              "the person cannot see the channel: check what their account may see",
	"cant_invite":                           "this person cannot be added to the channel: try it by hand to see why",
	"not_supported":                         "Slack does not support it for this channel and person",

	"user_not_found":              "Slack knows no such account here: check the person's e-mail, or create the account",
	"users_not_found":             "Slack knows no active account with this e-mail",
	"user_not_visible":            "the token's account may not see this person: use the token of somebody who may",
	"enterprise_is_restricted":    "an organization's token cannot look people up: use the token of an installation in the workspace",
	"team_not_found":              "the setting team_id names no workspace of the organization",
	"not_an_admin":                "the owner of admin_token is no organization admin or owner any more: use the token of one",
	"admin_unauthorized":          "the owner of admin_token may not list sessions: use the token of an organization owner",
	"not_an_owner":                "only the token of an organization owner can do this: use one as admin_token",
	"invalid_permissions":         "only the token of an organization owner can do this: use one as admin_token",
	"cannot_modify_primary_owner": "the primary owner's role cannot be changed: ownership is transferred in Slack",
	"cannot_reset_primary_owner":  "only the primary owners can end their own sessions",
	"cannot_reset_bot":            "bots have no sessions",
	"invalid_role_for_user":       "a guest or a bot cannot have this role: make the account a regular member first",

	"cannot_set_this_guest_to_regular_at_team_level":     "the guest is active in several workspaces: change the account at the organization",
	"cannot_set_org_admin_to_regular_at_workspace_level": "the person is an admin of the organization: take that role away there",
}
