package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// argumentFor is the argument of a type that names a thing.
func (c *compiler) argumentFor(t scripts.Type, about thing) (string, bool) {
	for _, name := range []string{about.noun, about.kind} {
		if _, takes := t.Arg(name); name != "" && takes {
			return name, true
		}
	}
	return "", false
}

// arguments are what a script is given about a thing. What is left out is the user that the workflow runs for.
func (c *compiler) arguments(t scripts.Type, about thing) map[string]any {
	args := map[string]any{}
	if name, takes := c.argumentFor(t, about); takes && about.kind != "user" {
		args[name] = about.target()
	}
	if _, takes := t.Arg("user"); takes && about.user != "" {
		args["user"] = about.user
	}
	if about.level != "" {
		args["level"] = about.level
	}
	if len(args) == 0 {
		return nil
	}
	return args
}

// channelNoun is what is a group to some systems, an entity to others, and has endpoints of its own at some.
const channelNoun = "channel"

// fitsKind says whether an entitlement of a kind can be what was called by a noun.
func fitsKind(t thing, kind string) bool {
	return t.kind == "" || t.kind == kind || t.noun == channelNoun && kind == "entity"
}

// endpointNames are the names that an endpoint may have that does this to a thing, the best first.
func endpointNames(v verb, t thing) []string {
	nouns := []string{t.kind}
	switch {
	case t.noun == channelNoun && t.kind == "group":
		nouns = []string{channelNoun} // a channel is no user group
	case t.noun != "":
		nouns = []string{t.noun, t.kind}
	}
	var names []string
	for _, noun := range nouns {
		switch v {
		case grants:
			names = append(names, map[string]string{"user": "create_user", "license": "allocate_license"}[t.kind], "add_user_to_"+noun, "invite_user_to_"+noun, "invite_to_"+noun, "add_to_"+noun)
		case revokes:
			names = append(names, map[string]string{"user": "disable_user", "license": "release_license"}[t.kind], "remove_user_from_"+noun, "kick_user_from_"+noun, "kick_from_"+noun, "remove_from_"+noun)
		case creates, deletes:
			names = append(names, string(v)+"_"+noun)
		case ends:
			names = append(names, endSessions)
		default:
		}
	}
	return names
}

// endpoint finds what a provider has to do this to a thing.
func (c *compiler) endpoint(v verb, t thing) (scripts.Type, *unclear) {
	for _, name := range endpointNames(v, t) {
		kind, err := c.known.Scripts.Type(connectors.ScriptType(t.provider, name), nil)
		if name == "" || err != nil {
			continue
		}
		if _, takes := c.argumentFor(kind, t); takes || t.kind == "user" {
			return kind, nil
		}
	}
	reason := cannot("%s cannot %s: it can %s.", c.index.nameOf(t.provider), wordsFor(v, t), listed(c.changesOf(t.provider)))
	return scripts.Type{}, reason
}

func wordsFor(v verb, t thing) string {
	noun := nounOf(t)
	switch {
	case v == ends:
		return "end sessions"
	case t.kind == "user":
		return map[verb]string{grants: "create or enable an account", revokes: "disable an account", deletes: "delete an account", creates: "create an account"}[v]
	case v == grants && t.kind == "license":
		return "allocate a license"
	case v == revokes && t.kind == "license":
		return "release a license"
	case v == grants:
		return "add a user to a " + noun
	case v == revokes:
		return "remove a user from a " + noun
	}
	return string(v) + " a " + noun
}

func (c *compiler) changesOf(provider string) []string {
	p, _ := c.index.provider(provider)
	var names []string
	for _, e := range p.Info.Endpoints {
		names = append(names, e.Name)
	}
	for _, h := range p.Info.Hooks {
		names = append(names, "webhook "+h.Name)
	}
	return names
}

// act adds the script that does something to a thing.
func (c *compiler) act(v, said verb, t thing, when *cond) *unclear {
	if reason := c.against(v, said, t); reason != nil {
		return reason
	}
	kind, reason := c.endpoint(v, t)
	if reason != nil {
		return reason
	}
	if t.level != "" && !takesLevel(kind, t.level) {
		return cannot("%s knows no level %q there.", c.index.nameOf(t.provider), t.level)
	}
	if when.isState() && when.about.same(t) && when.want == (v == revokes || v == deletes) && !c.readable(when) {
		when = nil // the script itself reads first, and changes nothing where this is so already
	}
	c.mention(t)
	m := made{script: db.Script{Type: kind.Name, Args: c.arguments(kind, t)}, verb: v, about: t}
	return c.add(m, nameFor(v, t), when)
}

// takesLevel says whether an endpoint takes a level by this name: its description lists them.
func takesLevel(t scripts.Type, level string) bool {
	arg, takes := t.Arg("level")
	words := strings.FieldsFunc(arg.Doc, func(r rune) bool { return r < 'a' || r > 'z' })
	return takes && slices.Contains(words, level)
}

func nameFor(v verb, t thing) string {
	short := t.name
	if t.own || short == "" {
		short = nounOf(t)
	}
	switch {
	case v == ends:
		return "end_sessions"
	case t.kind == "user":
		return map[verb]string{grants: "create", revokes: "disable", deletes: "delete", creates: "create"}[v] + "_user"
	case v == grants:
		return "grant_" + short
	case v == revokes:
		return "remove_" + short
	}
	return string(v) + "_" + nounOf(t)
}

// mention keeps what was spoken of.
func (c *compiler) mention(t thing) {
	t.level = ""
	c.mentions = append(c.mentions, t)
}

// against refuses what a workflow of this kind does not do: giving access while taking it back, unless that is a step
// down, and taking an account while giving access.
func (c *compiler) against(v, said verb, t thing) *unclear {
	gives := v == grants || v == creates
	switch {
	case c.kind == db.Deprovision && gives && said != downgrades && said != restores && said != moves:
		label := c.index.nameOf(t.provider) + " " + t.name + " access"
		if t.kind != "role" {
			return cannot("This step gives access, in a workflow that takes it back. If it is a step down, write \"Downgrade to …\" or \"Restore …\".").
				or("Remove "+label, "Restore "+strings.TrimSpace(t.label))
		}
		return cannot("This step gives access, in a workflow that takes it back. If it is a step down, write \"Downgrade to …\" or \"Restore …\".").
			or("Downgrade to "+label, "Restore "+label)
	case c.kind == db.Provision && (v == deletes || v == revokes && (t.kind == "user" || t.kind == "license")):
		return cannot("This step takes something away, in a workflow that gives access: write it in the deprovisioning workflow.")
	}
	return nil
}
