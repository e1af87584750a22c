package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

const mendMail = "Check SMTP_URL; docs/mail.md says what it takes."

// mailFindings says whether mail can be sent, where that is wanted. Nothing is sent.
func mailFindings(ctx context.Context, s settings) []bot.Finding {
	sender, err := s.sender()
	if err == nil && sender == nil {
		return nil
	}
	if err == nil {
		err = sender.Check(ctx)
	}
	if err != nil {
		return []bot.Finding{{Name: "mail", Detail: err.Error(), Mend: mendMail}}
	}
	return []bot.Finding{{Name: "mail", OK: true, Detail: "the server that SMTP_URL names takes mail"}}
}

// reach is which published action chains, by their slugs, need more than Slack and their providers: a mail server, or
// an address under which others reach Usher.
type reach struct{ mail, links, hooks []string }

// reachOf reads the published action chains.
func reachOf(ctx context.Context, store *db.Store) (reach, error) {
	var found reach
	chains, err := db.ActionChains(ctx, store)
	if err != nil {
		return found, err
	}
	for _, chain := range chains {
		version, err := db.PublishedVersion(ctx, store, chain.Slug)
		if errors.Is(err, db.ErrNotFound) || !chain.Active {
			continue
		}
		if err != nil {
			return found, err
		}
		found.add(chain.Slug, version.Scripts)
	}
	return found, nil
}

// add notes what a chain's scripts need.
func (r *reach) add(slug string, chain []db.Script) {
	has := func(is func(scriptType string) bool) bool {
		return slices.ContainsFunc(chain, func(script db.Script) bool { return is(script.Type) })
	}
	if has(func(t string) bool { return t == scripts.EmailApproval || t == scripts.EmailNotification }) {
		r.mail = append(r.mail, slug)
	}
	if has(func(t string) bool { return t == scripts.EmailApproval }) {
		r.links = append(r.links, slug)
	}
	if has(func(t string) bool { _, hook := scripts.EndpointOf(t); return hook }) {
		r.hooks = append(r.hooks, slug)
	}
}

// findings says which settings the chains miss. A webhook does without an address as long as its receiver answers at
// once, so that is no fault.
func (r reach) findings(s settings) []bot.Finding {
	var findings []bot.Finding
	if s.SMTP == "" && len(r.mail) > 0 {
		findings = append(findings, bot.Finding{
			Name: "mail", Detail: "SMTP_URL is not set, and these action chains send mail: " + strings.Join(r.mail, ", "), Mend: mendMail,
		})
	}
	switch {
	case s.Public != "":
	case len(r.links) > 0:
		findings = append(findings, bot.Finding{
			Name: "links", Detail: "USHER_PUBLIC_URL is not set; mail links and callbacks need it: " + strings.Join(r.outside(), ", "),
			Mend: "Set USHER_PUBLIC_URL to the address under which others reach USHER_HTTP_ADDR; docs/operations.md says what has to be reachable.",
		})
	case len(r.hooks) > 0:
		findings = append(findings, bot.Finding{
			Name: "links", OK: true,
			Detail: "USHER_PUBLIC_URL is not set, so webhooks carry no callback, and a receiver that answers 202 stops its script: " + strings.Join(r.hooks, ", "),
		})
	}
	return findings
}

// outside are the chains whose answers come from outside, each once.
func (r reach) outside() []string {
	all := slices.Concat(r.links, r.hooks)
	slices.Sort(all)
	return slices.Compact(all)
}
