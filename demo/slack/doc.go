// Package slack is a strict local Slack workspace: Socket Mode, the Web API, and a page on which one person can
// play everybody.
//
// It refuses what Slack refuses. Tokens and scopes, channel membership, Block Kit, rate limits, trigger and
// acknowledgement deadlines, redelivery of events and the life of response URLs follow Slack's documentation, so
// that an app which works here has met the rules it will meet there. Whatever Slack would have refused, and every
// deadline an app missed, stands in the [Workspace.Journal] at level error.
//
// It also plays what admins automate: people's user tokens, the Admin API's roles and sessions (Options.Enterprise) and
// the SCIM API (Options.BusinessPlus or Enterprise).
//
// Tests drive people through [Person]; browsers do the same through the page. Nothing is stored on disk: a
// workspace lives as long as its process.
package slack
