package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
)

type doctorCommand struct {
	Connectors bool `help:"List the connectors and their endpoints instead."`
}

// Run checks the installation from outside and says how to mend what is wrong.
func (d doctorCommand) Run(ctx context.Context, p program) error {
	if d.Connectors {
		return p.listConnectors()
	}
	s, err := readSettings(ctx, p.env)
	if err != nil {
		return err
	}
	findings := slices.Concat(d.slack(ctx, p, s), d.database(ctx, p), mailFindings(ctx, s))
	if _, err := io.WriteString(p.out, told(findings)); err != nil {
		return err
	}
	if slices.ContainsFunc(findings, func(f bot.Finding) bool { return !f.OK }) {
		return errSilent
	}
	return nil
}

// told is a line for each finding, and one that says how to mend what is bad.
func told(findings []bot.Finding) string {
	var out strings.Builder
	for _, finding := range findings {
		if finding.Name == "" { // a note to the finding before
			fmt.Fprintf(&out, "     %s\n", strings.Join(strings.Fields(finding.Detail), " "))
			continue
		}
		mark, mend := "ok  ", ""
		if !finding.OK {
			mark, mend = "BAD ", finding.Mend
		}
		fmt.Fprintf(&out, "%s %s: %s\n", mark, finding.Name, strings.Join(strings.Fields(finding.Detail), " "))
		if mend != "" {
			fmt.Fprintf(&out, "     %s\n", mend)
		}
	}
	return out.String()
}

func (doctorCommand) slack(ctx context.Context, p program, s settings) []bot.Finding {
	if err := s.Slack.Validate(); err != nil {
		return []bot.Finding{{Name: "slack", Detail: err.Error(), Mend: "Set it to the token from your app's page at api.slack.com/apps."}}
	}
	log, err := s.logger(p.err)
	if err != nil {
		return []bot.Finding{{Name: "log", Detail: err.Error()}}
	}
	slack, err := bot.New(s.Slack, log)
	if err != nil {
		return []bot.Finding{{Name: "slack", Detail: err.Error()}}
	}
	return slack.Doctor(ctx)
}

// database checks the database and, through its rows, every provider.
func (doctorCommand) database(ctx context.Context, p program) []bot.Finding {
	var findings []bot.Finding
	err := p.withStore(ctx, func(s settings, store *db.Store) error {
		findings = append(findings, bot.Finding{Name: "database", OK: true, Detail: "reached and up to date"})
		f, err := offline(s, store)
		if err != nil {
			return err
		}
		answers, err := f.CheckProviders(ctx)
		if err != nil {
			return err
		}
		if len(answers) == 0 {
			findings = append(findings, bot.Finding{Name: "providers", OK: true, Detail: "none configured yet: usher apply -f FILE"})
		}
		for _, slug := range slices.Sorted(maps.Keys(answers)) {
			finding := bot.Finding{Name: "provider " + slug, OK: answers[slug] == nil, Detail: "reached"}
			if answers[slug] != nil {
				finding.Detail = answers[slug].Error()
				finding.Mend = "Check the provider's settings, the secret that they refer to, and that this machine reaches its address."
			}
			findings = append(findings, finding)
			if finding.OK {
				notes, err := f.ProviderNotes(ctx, slug)
				findings = append(findings, noted(notes, err)...)
			}
		}
		reach, err := reachOf(ctx, store)
		if err != nil {
			return err
		}
		findings = append(findings, reach.findings(s)...)
		chains, err := db.ApprovalChains(ctx, store)
		if err != nil {
			return err
		}
		findings = append(findings, s.Proof.findings(ctx, chains)...)
		sources, err := directoryFindings(ctx, store, chains, answers)
		if err != nil {
			return err
		}
		findings = append(findings, sources...)
		differing, err := db.DifferingConfigObjects(ctx, store, shownDiffering)
		findings = append(findings, differingFindings(differing)...)
		return err
	})
	if err != nil {
		findings = append(findings, bot.Finding{Name: "database", Detail: err.Error(), Mend: "Check DATABASE_URL and that the database runs."})
	}
	return findings
}

// noted are what a provider says about its plan and permissions, as lines under its finding.
func noted(notes []string, err error) []bot.Finding {
	if err != nil {
		notes = []string{"what it may do is not known: " + err.Error()}
	}
	lines := make([]bot.Finding, len(notes))
	for i, note := range notes {
		lines[i] = bot.Finding{OK: true, Detail: note}
	}
	return lines
}

// differingFindings are the objects that were changed in Slack and that the file of USHER_CONFIG wants otherwise. The
// installation works, so they are not bad.
func differingFindings(objects []db.ConfigObject) []bot.Finding {
	if len(objects) == 0 {
		return nil
	}
	findings := []bot.Finding{{Name: "configuration", OK: true, Detail: "some of it was changed in Slack, and left as it is though USHER_CONFIG says otherwise"}}
	for _, object := range objects {
		findings = append(findings, bot.Finding{OK: true, Detail: fmt.Sprintf("%s %s, changed by %s: take that into the file (usher config export), or usher apply --overwrite",
			object.Kind, object.Slug, object.WrittenBy)})
	}
	return findings
}
