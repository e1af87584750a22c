package config

import (
	"slices"

	"github.com/usherhq/usher/connectors"
)

// Connectors are what a file is checked against; *connectors.Registry is one.
type Connectors interface {
	// Names lists the connectors that exist.
	Names() []string
	// Info describes one of them.
	Info(name string) (connectors.Info, bool)
	// Describe describes one as a provider has it, with the endpoints that are declared for it.
	Describe(slug, connector string, settings map[string]any, endpoints []any) (connectors.Info, error)
}

// parser reads one file section by section. Places of names are kept, since references are checked at the end.
type parser struct {
	*reader
	connectors Connectors
	out        File

	providerAt, entitlementAt, approvalAt, actionAt, personAt, ruleAt, separationAt, directoryAt, birthrightAt map[string]node
	workosAt                                                                                                   map[string]node // by WorkOS's own id of a directory

	references []reference
	workflows  []written
}

// Parse reads a configuration file. Name is what messages call it. The error is of type [Errors] and holds every
// mistake that was found, each with its place.
func Parse(name string, content []byte, known Connectors) (File, error) {
	root, errs := readYAML(name, content)
	if len(errs) > 0 {
		return File{}, errs.sorted()
	}
	p := newParser(name, known)
	p.sections(root)
	if len(p.errs) > 0 {
		return File{}, p.errs.sorted()
	}
	return p.out, nil
}

func newParser(name string, known Connectors) *parser {
	return &parser{
		reader: &reader{file: name}, connectors: known,
		out:        File{Name: name, has: map[string]bool{}},
		providerAt: map[string]node{}, entitlementAt: map[string]node{}, approvalAt: map[string]node{},
		actionAt: map[string]node{}, personAt: map[string]node{}, ruleAt: map[string]node{}, separationAt: map[string]node{},
		directoryAt: map[string]node{}, birthrightAt: map[string]node{}, workosAt: map[string]node{},
	}
}

func (p *parser) sections(root node) {
	o := p.object(root, "the file", "channel", "admins", "auditors", "pending", "four_eyes", "quiet_hours", sectionPeople,
		sectionProviders, sectionEntitlements, sectionApprovalChains, sectionActionChains, sectionApprovalRules, sectionSeparations,
		sectionDirectories, sectionBirthrights)
	for _, e := range o.entries {
		p.out.has[e.key] = e.value.kind != null
	}
	p.settings(o)
	each := func(section string, read func(node)) {
		items, _ := o.list(section)
		for _, item := range items {
			read(item)
		}
	}
	each(sectionPeople, p.person)
	each(sectionProviders, p.provider)
	each(sectionActionChains, p.actionChain)
	each(sectionApprovalChains, p.approvalChain)
	each(sectionEntitlements, p.entitlement)
	each(sectionApprovalRules, p.approvalRule)
	each(sectionSeparations, p.separation)
	each(sectionDirectories, p.directory)
	each(sectionBirthrights, p.birthright)
	p.checkReferences()
	p.compileWorkflows()
}

func (p *parser) person(n node) {
	o := p.object(n, "person", "email", "name", "manager", "department", "title", "attributes", "groups")
	email, at := o.must("email", "write the person's e-mail address")
	if email == "" {
		return
	}
	if email = p.emailOf(at, "email of person"); email == "" {
		return
	}
	if first, twice := p.personAt[email]; twice {
		p.wrong(at, "%s stands in people twice; first on line %d", email, first.line)
	}
	p.personAt[email] = at
	o.what = "person " + email
	person := Person{Email: email, Name: o.optional("name"), Department: o.optional("department"), Title: o.optional("title")}
	if _, given := o.get("manager", text); given {
		manager := o.email("manager")
		person.Manager = &manager
	}
	if attributes, given := o.get("attributes", mapping); given {
		person.Attributes, _ = attributes.plain().(map[string]any)
	}
	person.Groups = p.personGroups(o)
	p.out.People = append(p.out.People, person)
}

// personGroups reads the groups that a person is in; nil says that the key is not there.
func (p *parser) personGroups(o object) *[]string {
	values, present := o.texts("groups")
	if !present {
		return nil
	}
	handles := []string{}
	for _, n := range values {
		if !handleForm.MatchString(n.string()) {
			p.wrong(n, "%q cannot be a group of %s: write its name without spaces, @ and colons, for example security", n.string(), o.what)
			continue
		}
		handles = append(handles, n.string())
	}
	slices.Sort(handles)
	handles = slices.Compact(handles)
	return &handles
}

// optional reads a text; nil says that the key is not there.
func (o object) optional(key string) *string {
	if _, ok := o.get(key, text); !ok {
		return nil
	}
	value := o.text(key)
	return &value
}
