package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// providerOf is a provider of the catalogue.
type providerOf = scripts.Provider

// callNoise are the words of a call that say only that it is one.
var callNoise = setOf("the a an endpoint webhook api of at in on to from for")

// declared compiles a call of an endpoint or webhook by its own name, such as "open a badge request at Acme HR" for
// open_badge_request. It answers whether the words name one.
func (c *compiler) declared(words []word, when *cond) (bool, *unclear) {
	head, tail := cutArguments(c.withoutVia(words))
	if len(head) == 0 {
		return false, nil
	}
	b, reason := c.pack(head)
	if reason != nil || len(b.providers) > 1 || len(b.names) > 1 {
		return false, nil
	}
	t, found := c.named(head, b)
	if !found {
		return false, nil
	}
	args, reason := c.given(t, tail)
	if reason != nil {
		return true, reason
	}
	if b.user != "" {
		if _, takes := t.Arg("user"); !takes {
			return false, nil
		}
		args["user"] = b.user
	}
	if len(args) == 0 {
		args = nil
	}
	about := thing{provider: t.Provider}
	if v, shared := sharedVerb(t.Endpoint); shared {
		about.kind = strings.TrimPrefix(t.Endpoint[strings.LastIndex(t.Endpoint, "_")+1:], "_")
		if reason := c.against(v, v, about); reason != nil {
			return true, reason
		}
	}
	return true, c.add(made{script: db.Script{Type: t.Name, Args: args}, verb: calls, about: about}, t.Endpoint, when)
}

// isShared says whether an endpoint is of the vocabulary that all connectors share, for which there are other words.
func isShared(endpoint string) bool {
	_, shared := sharedVerb(endpoint)
	return shared || endpoint == "get_user" || endpoint == "end_sessions" || strings.HasPrefix(endpoint, "issue_") ||
		slices.Contains([]string{"group", "role", "entity"}, strings.TrimPrefix(strings.TrimPrefix(endpoint, "create_"), "delete_"))
}

// sharedVerb is what an endpoint of the shared vocabulary does to access.
func sharedVerb(endpoint string) (verb, bool) {
	switch {
	case strings.HasPrefix(endpoint, "add_user_to_"), endpoint == "create_user", endpoint == "allocate_license":
		return grants, true
	case strings.HasPrefix(endpoint, "remove_user_from_"), endpoint == "disable_user", endpoint == "release_license":
		return revokes, true
	case endpoint == "delete_user":
		return deletes, true
	}
	return "", false
}

// cutArguments cuts off "with title "…" and …".
func cutArguments(words []word) (head, tail []word) {
	for n, w := range words {
		if w.is("with", "using") && n > 0 && n+1 < len(words) {
			return words[:n], words[n+1:]
		}
	}
	return words, nil
}

// named finds the type that words name: all its words are there, and no others.
func (c *compiler) named(head []word, b bag) (scripts.Type, bool) {
	hook, api := holds(head, "webhook"), holds(head, "endpoint")
	var said []string
	for _, w := range head {
		if w.shape == quoted {
			said = append(said, strings.ToLower(w.text))
		} else if w.shape == plain && !w.in(callNoise) {
			said = append(said, strings.ToLower(w.raw))
		}
	}
	isCall := verbs[head[0].text] == calls || verbs[head[0].text] == sends
	if isCall && len(said) > 0 {
		said = said[1:]
	}
	var found []scripts.Type
	for _, t := range c.known.Scripts.Types() {
		if t.Provider == "" || b.provider() != "" && t.Provider != b.provider() || hook && !t.Hook || api && t.Hook || isCall && hook != t.Hook && hook {
			continue
		}
		if t.Hook && !isCall || !isCall && isShared(t.Endpoint) {
			continue
		}
		if c.says(said, t, isCall) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return scripts.Type{}, false
	}
	return found[0], true
}

// says says whether words are the name of a type, in this order, with the provider's name anywhere.
func (c *compiler) says(said []string, t scripts.Type, isCall bool) bool {
	name := strings.Split(t.Endpoint, "_")
	var rest []string
	for n := 0; n < len(said); {
		if length := c.index.aliasAt(said[n:], t.Provider); length > 0 {
			n += length
			continue
		}
		if said[n] == t.Name || said[n] == t.Endpoint && isCall {
			rest = append(rest, name...)
		} else if text := said[n]; !articles[text] && !noise[text] && text != "user" && text != "user's" || slices.Contains(name, text) {
			rest = append(rest, said[n])
		}
		n++
	}
	if slices.Equal(rest, name) {
		return true
	}
	if isCall || len(rest) != len(name) || len(name) < 2 {
		return false
	}
	alike := verbs[rest[0]] == verbs[name[0]] && verbs[name[0]] != "" || openers[rest[0]] && openers[name[0]]
	return alike && slices.EqualFunc(rest[1:], name[1:], func(a, b string) bool { return singular(a) == singular(b) })
}

// openers are verbs that mean that something is made.
var openers = setOf("open create file raise submit make order request")
