// Package scim is SCIM 2.0 without a server (RFC 7643, RFC 7644): resources, filters, patches, selections and what
// discovery says, as pure functions over JSON. It has no database and no clock, and it changes nothing that it is
// given. What identity providers send besides the letter of the standard is taken where its meaning is plain.
package scim

// Resource is a user or a group as JSON: names as the schema writes them, lists as []any, objects as map[string]any.
type Resource = map[string]any

// MaxResults is the most that a page of a list may hold, as ServiceProviderConfig says.
const MaxResults = 200
