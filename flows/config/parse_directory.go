package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// changeKinds are the kinds of change that a directory can treat each in its own way.
var changeKinds = []string{
	db.UserCreated, db.UserUpdated, db.UserSuspended, db.UserResumed, db.UserDeleted, db.GroupCreated, db.GroupUpdated,
	db.GroupDeleted, db.GroupEmptied, db.MembersAdded, db.MembersRemoved, db.DirectoryDeleted,
}

// directory reads a source of people and groups.
func (p *parser) directory(n node) {
	o := p.object(n, "directory", "slug", "name", "kind", "owner", "workos", "mode", "changes", "downstream", "routes", "gather",
		"pending", "breaker", "attributes")
	slug, _ := o.slug(p.directoryAt)
	d := Directory{Slug: slug, Name: o.text("name"), Owner: o.email("owner"), Policy: db.DirectoryPolicy{
		Mode: o.oneOf("mode", db.Observe, db.Observe, db.Hold), Modes: p.changeModes(o), Downstream: p.downstream(o),
		Routes: p.routes(o), Gather: o.duration("gather"), Pending: o.duration("pending"), Breaker: p.breaker(o),
	}}
	if d.Name == "" {
		d.Name = slug
	}
	if _, at := o.must("kind", "write scim, where an identity provider writes here, or workos"); at.kind == text {
		d.Kind = o.oneOf("kind", "", db.SCIMDirectory, db.WorkOSDirectory)
	}
	d.Settings = db.DirectorySettings{Attributes: p.attributes(o), WorkOS: p.workos(o, d.Kind)}
	if at, _ := o.find("gather"); d.Policy.Gather > maxGather {
		o.wrong(at, "gather of %s is %s, and people would wait for their card as long: write at most %s", o.what, d.Policy.Gather, maxGather)
	}
	p.routed(o, d.Policy)
	d.Policy = complete(d.Policy)
	p.out.Directories = append(p.out.Directories, d)
}

// maxGather is how long changes may be gathered for one card.
const maxGather = db.Duration(3600e9)

// changeModes reads what is done with single kinds of change.
func (p *parser) changeModes(parent object) map[string]string {
	n, ok := parent.get("changes", mapping)
	if !ok {
		return nil
	}
	o := p.object(n, "changes of "+parent.what, changeKinds...)
	modes := map[string]string{}
	for _, kind := range changeKinds {
		if mode := o.oneOf(kind, "", db.Observe, db.Hold, db.Pass); mode != "" {
			modes[kind] = mode
		}
	}
	return modes
}

// downstream reads the providers to which changes are written.
func (p *parser) downstream(o object) []string {
	var all []string
	values, _ := o.texts("downstream")
	for _, n := range values {
		if slices.Contains(all, n.string()) {
			o.wrong(n, "downstream of %s names %q twice", o.what, n.string())
			continue
		}
		all = append(all, n.string())
		p.references = append(p.references, reference{at: n, what: "downstream of " + o.what, find: p.findDownstream, value: n.string()})
	}
	return all
}

// scimConnector is the connector whose providers a directory can write to.
const scimConnector = "scim"

// findDownstream finds a provider that takes people and groups.
func (p *parser) findDownstream(slug string) string {
	if problem := p.findProvider(slug); problem != "" {
		return problem
	}
	for _, provider := range p.out.Providers {
		if provider.Slug == slug && provider.Connector != scimConnector && provider.Connector != "" {
			return fmt.Sprintf("provider %q has the connector %s, and changes of a directory are written through %s", slug, provider.Connector, scimConnector)
		}
	}
	return ""
}

// routes reads who decides when. Only the last may, and must, be without a condition: somebody decides on every change.
func (p *parser) routes(parent object) []db.DirectoryRoute {
	items, _ := parent.list("routes")
	var all []db.DirectoryRoute
	for i, item := range items {
		o := p.object(item, "route of "+parent.what, "when", "chain", "channel")
		route := db.DirectoryRoute{When: o.condition("when", rules.OverChanges()), Channel: p.channel(o, "channel")}
		route.Chain = p.refers(o, "chain", "write the slug of an approval chain", p.findDeciding)
		all = append(all, route)
		always := !o.has("when") || route.When == "" && o.nodeIs("when", text)
		switch last := i == len(items)-1; {
		case last && !always:
			at, _ := o.find("when")
			o.wrong(at, "the last route of %s is for whatever no other is for and must have no when: add one more, or take the condition away", parent.what)
		case !last && always:
			o.wrong(item, "this route of %s always holds, so that those below it are never used: move it to the end", parent.what)
		}
	}
	return all
}

// findDeciding finds an approval chain in which somebody decides.
func (p *parser) findDeciding(slug string) string {
	if problem := p.findApproval(slug); problem != "" {
		return problem
	}
	for _, chain := range p.out.ApprovalChains {
		if chain.Slug == slug && len(chain.Steps) == 0 {
			return fmt.Sprintf("approval chain %q has no step, so that nobody would decide on a change that waits", slug)
		}
	}
	return ""
}

// routed refuses a directory that says that changes wait and not who decides.
func (p *parser) routed(o object, policy db.DirectoryPolicy) {
	if items, _ := o.list("routes"); len(items) > 0 || o.has("routes") && !isEmptyList(o, "routes") {
		return
	}
	const meant = "and has no route that says who decides: write for example routes: [{chain: it, channel: \"#it\"}]"
	if at, _ := o.find("mode"); policy.Mode == db.Hold {
		o.wrong(at, "%s holds changes, %s", o.what, meant)
		return
	}
	changes, _ := o.find("changes")
	for _, e := range changes.entries {
		if policy.Modes[e.key] == db.Hold {
			o.wrong(e.value, "%s holds %s, %s", o.what, e.key, meant)
			return
		}
	}
}

// breaker reads when too many changes that take away are stopped.
func (p *parser) breaker(parent object) db.Breaker {
	n, ok := parent.get("breaker", mapping)
	if !ok {
		return db.Breaker{}
	}
	o := p.object(n, "breaker of "+parent.what, "changes", "percent")
	return db.Breaker{Changes: o.bound("changes", maxBreaker), Percent: o.bound("percent", 100)}
}

// maxBreaker is the highest bound of changes in an hour.
const maxBreaker = 1_000_000

// bound reads an optional number from 1, or the word off, which is below 0.
func (o object) bound(key string, high int) int {
	n, ok := o.find(key)
	switch {
	case !ok:
		return 0
	case n.kind == text && n.string() == switchedOff:
		return -1
	case n.kind == text:
		o.wrong(n, "%s of %s must be a number or the word %s, not %q", key, o.what, switchedOff, n.string())
		return 0
	}
	return o.number(key, 0, high)
}

var (
	attributeForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	pathForm      = regexp.MustCompile(`^[^\s\pC]+$`)
)

// attributes reads which attributes of the directory conditions know as person.attributes.
func (p *parser) attributes(parent object) map[string]string {
	n, ok := parent.get("attributes", mapping)
	if !ok {
		return nil
	}
	all := map[string]string{}
	for _, e := range n.entries {
		switch path := e.value.string(); {
		case e.value.kind == null:
		case !attributeForm.MatchString(e.key):
			p.wrongAt(e.line, e.column, "attributes of %s: conditions could not name %q: write letters, digits and underscores", parent.what, e.key)
		case e.value.kind != text || !pathForm.MatchString(path):
			p.wrong(e.value, "attributes of %s: write what the directory calls %s, for example urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
				parent.what, e.key)
		default:
			all[e.key] = path
		}
	}
	return all
}

// workosSettings are the keys of a directory that WorkOS syncs, with the rules for secrets of a connector's settings.
var workosSettings = []connectors.Field{
	{Name: "directory_id", Type: connectors.TypeString, Required: true, Doc: "what WorkOS calls the directory, for example directory_01…"},
	{Name: "api_key", Type: connectors.TypeString, Required: true, Secret: true, Doc: "a reference to the API key, for example env:WORKOS_API_KEY"},
	{Name: "webhook_secret", Type: connectors.TypeString, Secret: true, Doc: "a reference to the secret of the webhook"},
	{Name: "url", Type: connectors.TypeString, Doc: "address of the API, if it is not WorkOS's own"},
}

// workos reads where the events of a directory are.
func (p *parser) workos(parent object, kind string) db.WorkOSSettings {
	n, ok := parent.get("workos", mapping)
	switch {
	case !ok:
		if kind == db.WorkOSDirectory && !parent.has("workos") {
			parent.wrong(parent.node, "%s has no workos: write for example workos: {directory_id: directory_01…, api_key: \"env:WORKOS_API_KEY\"}", parent.what)
		}
		return db.WorkOSSettings{}
	case kind == db.SCIMDirectory:
		parent.wrong(n, "%s is of kind %s and has no workos: take it away, or write kind: %s", parent.what, kind, db.WorkOSDirectory)
	}
	var names []string
	for _, one := range workosSettings {
		names = append(names, one.Name)
	}
	o := p.object(n, "workos of "+parent.what, names...)
	p.checkSettings("workos of "+parent.what, workosSettings, n)
	w := db.WorkOSSettings{
		DirectoryID: o.text("directory_id"), APIKey: o.text("api_key"), WebhookSecret: o.text("webhook_secret"), URL: o.text("url"),
	}
	if at, _ := o.find("url"); w.URL != "" && !isAddress(w.URL) {
		o.wrong(at, "url of %s must be an address such as https://api.workos.com, not %q", o.what, w.URL)
	}
	if at, given := o.find("directory_id"); given && w.DirectoryID != "" {
		if first, twice := p.workosAt[w.DirectoryID]; twice {
			o.wrong(at, "two directories are %s of WorkOS; the first is on line %d", w.DirectoryID, first.line)
		}
		p.workosAt[w.DirectoryID] = at
	}
	return w
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
