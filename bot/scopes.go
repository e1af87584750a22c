package bot

// Scope is a permission that the app asks for, and why.
type Scope struct {
	Name   string
	Reason string
}

// Scopes are the bot scopes of manifest.yaml. A test keeps the two equal.
var Scopes = []Scope{
	{"commands", "the /access command and the Request access shortcut"},
	{"chat:write", "post, change and remove Usher's own messages"},
	{"chat:write.public", "post cards in public channels without being invited"},
	{"im:write", "open direct messages with requesters and approvers"},
	{"users:read", "know who is a member, a guest, a bot or deactivated"},
	{"users:read.email", "match Slack accounts to people in the directory"},
	{"usergroups:read", "ask user groups for approval"},
	{"channels:read", "find public channels by name"},
	{"groups:read", "find private channels by name"},
	{"channels:history", "after a lost answer, see whether a message of Usher's own arrived"},
	{"channels:join", "join a public channel for that look, if Usher posts there without being a member"},
	{"groups:history", "the same in private channels"},
	{"im:history", "the same in direct messages"},
	{"files:write", "hand over exports of the audit log"},
}
