package config

import (
	"fmt"

	"github.com/usherhq/usher/flows/rules"
)

// reference is the name of another object of the file, to be checked when all objects are known.
type reference struct {
	at    node
	what  string // whose reference it is
	find  finder
	value string
}

// finder says what is wrong with the name of an object; "" means nothing.
type finder func(slug string) string

// refers reads a required reference.
func (p *parser) refers(o object, key, meant string, find finder) string {
	value, at := o.must(key, meant)
	if value != "" {
		p.references = append(p.references, reference{at: at, what: key + " of " + o.what, find: find, value: value})
	}
	return value
}

func (p *parser) checkReferences() {
	for _, r := range p.references {
		if problem := r.find(r.value); problem != "" {
			p.wrong(r.at, "%s: %s", r.what, problem)
		}
	}
}

func (p *parser) findProvider(slug string) string { return p.missing(p.providerAt, "provider", slug) }

func (p *parser) findApproval(slug string) string {
	return p.missing(p.approvalAt, "approval chain", slug)
}

func (p *parser) findEntitlement(slug string) string {
	return p.missing(p.entitlementAt, "entitlement", slug)
}

// findFourEyes finds the chain that edits go through: one in which somebody decides.
func (p *parser) findFourEyes(slug string) string {
	if problem := p.findApproval(slug); problem != "" {
		return problem
	}
	for _, chain := range p.out.ApprovalChains {
		if chain.Slug == slug && len(chain.Steps) == 0 {
			return fmt.Sprintf("approval chain %q has no step, so that nobody would look at an edit", slug)
		}
	}
	return ""
}

// findAction finds an action chain of the right kind.
func (p *parser) findAction(wanted string) finder {
	return func(slug string) string {
		if problem := p.missing(p.actionAt, "action chain", slug); problem != "" {
			return problem
		}
		for _, chain := range p.out.ActionChains {
			if chain.Slug == slug && chain.Kind != wanted && chain.Kind != "" {
				return fmt.Sprintf("action chain %q is of kind %s, and one of kind %s is needed", slug, chain.Kind, wanted)
			}
		}
		return ""
	}
}

// missing says that an object is not there. An edit of one object, which has no file, knows all that there are.
func (p *parser) missing(known map[string]node, what, slug string) string {
	if _, ok := known[slug]; ok {
		return ""
	}
	var names []string
	for name := range known {
		names = append(names, name)
	}
	where := ""
	if p.file != "" {
		where = " in this file"
	}
	return fmt.Sprintf("there is no %s %q%s%s", what, slug, where, rules.DidYouMean(slug, names))
}
