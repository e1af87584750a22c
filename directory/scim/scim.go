// Package scim is SCIM 2.0 without a server (RFC 7643, RFC 7644): resources, filters, patches, selections and what
// discovery says, as pure functions over JSON. It has no database and no clock, and it changes nothing that it is
// given. What identity providers send besides the letter of the standard is taken where its meaning is plain.
//
// What it leaves to the server: id, meta, versions, uniqueness, who is in which group, and what it means that
// "active" was not said.
package scim

// Resource is a user or a group as JSON: names as the schema writes them, lists as []any, objects as map[string]any.
// Read and Apply make them; the other functions take them.
type Resource = map[string]any

// MaxResults is the most that a page of a list may hold, as ServiceProviderConfig says.
const MaxResults = 200

// What a client may send at most. Beyond it a request is refused, so that none costs more than it is worth.
const (
	mostNesting    = 10      // objects and lists within each other
	mostOperations = 1_000   // of one patch
	mostValues     = 1_000   // of a multi-valued attribute
	mostMembers    = 100_000 // named in one request
	mostText       = 16_384  // bytes of a value
	mostName       = 1_024   // bytes of a value that is looked up, so that databases can index it
	mostData       = 131_072 // bytes of a picture's address or a certificate
	mostFilter     = 16_384  // bytes of a filter or a path
	mostDepth      = 32      // parentheses of a filter
	mostCompared   = 250     // comparisons of a filter for lists, each of which may look at every resource
)
