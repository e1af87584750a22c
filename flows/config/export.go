package config

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/flows/workflow"
)

// Export writes the active configuration as a file of which applying changes nothing. Secrets are not in it, only
// references to them. Of people it has those of whom Slack does not know all: people of the static directory, and
// those with a manager, a department, attributes or groups of the directory. Action chains that were never published are not in it.
//
// A chain that was written in plain English is exported so when its words mean the same scripts to the connectors as
// they are now; else, and where a person chose scripts in place of words, it is exported as scripts.
func Export(ctx context.Context, q bun.IDB, known Connectors) ([]byte, error) {
	rows, err := readStored(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the present configuration: %w", err)
	}
	d := &document{}
	for _, one := range settingsOf(rows.settings).fields().some() {
		if names, isList := one.value.([]any); !isList || len(names) > 0 {
			d.setting(one.key, one.value)
		}
	}
	var people, providers, entitlements, approvals, actions []fields
	for _, row := range sorted(rows.people) {
		if rows.unknownToSlack(row) {
			person := rows.personOf(row)
			if len(*person.Groups) == 0 {
				person.Groups = nil
			}
			people = append(people, person.fields())
		}
	}
	for _, row := range sorted(rows.providers) {
		if row.Active {
			providers = append(providers, providerOf(row).fields())
		}
	}
	for _, row := range sorted(rows.entitlements) {
		if row.Active {
			entitlements = append(entitlements, entitlementOf(row).fields())
		}
	}
	for _, row := range sorted(rows.approvalChains) {
		if row.Active {
			approvals = append(approvals, approvalChainOf(row).fields())
		}
	}
	for _, row := range sorted(rows.actionChains) {
		if row.Active && row.published != nil {
			actions = append(actions, rows.inWords(actionChainOf(row), known).exported())
		}
	}
	d.section(sectionPeople, people)
	d.section(sectionProviders, providers)
	d.section(sectionEntitlements, entitlements)
	d.section(sectionApprovalChains, approvals)
	d.section(sectionActionChains, actions)
	d.rules(rows)
	return []byte(d.out.String()), nil
}

// rules writes what decides beside the approval chains.
func (d *document) rules(rows stored) {
	var approvalRules, separations []fields
	for _, row := range sorted(rows.approvalRules) {
		if row.Active {
			approvalRules = append(approvalRules, approvalRuleOf(row).fields())
		}
	}
	for _, row := range sorted(rows.separations) {
		if row.Active {
			separations = append(separations, separationOf(row).fields())
		}
	}
	d.section(sectionApprovalRules, approvalRules)
	d.section(sectionSeparations, separations)
	d.directories(rows)
}

// directories writes who tells of people, and what people get because of who they are.
func (d *document) directories(rows stored) {
	var directories, birthrights []fields
	for _, row := range sorted(rows.directories) {
		if row.Active {
			directories = append(directories, directoryOf(row).fields())
		}
	}
	for _, row := range sorted(rows.birthrights) {
		if row.Active {
			birthrights = append(birthrights, birthrightOf(row).fields())
		}
	}
	d.section(sectionDirectories, directories)
	d.section(sectionBirthrights, birthrights)
}

// exported is a chain as a file has it: in words or as scripts.
func (c ActionChain) exported() fields {
	all := c.fields()
	if c.Text == "" {
		return all
	}
	return slices.DeleteFunc(all, func(f field) bool { return f.key == "scripts" })
}

// inWords keeps a chain's text only if compiling it gives the chain's scripts.
func (s stored) inWords(chain ActionChain, known Connectors) ActionChain {
	if chain.Text == "" {
		return chain
	}
	p := parser{connectors: known}
	for _, row := range sorted(s.providers) {
		if row.Active {
			p.out.Providers = append(p.out.Providers, providerOf(row))
		}
	}
	for _, row := range sorted(s.entitlements) {
		if row.Active {
			p.out.Entitlements = append(p.out.Entitlements, entitlementOf(row))
		}
	}
	plan := workflow.Compile(chain.Text, workflow.Known{Scripts: p.catalogue(), Entitlements: p.nameable(), For: p.servedBy(chain)})
	again := chain
	again.Scripts = plan.Scripts()
	if plan.Kind != chain.Kind || flow(again.fields()) != flow(chain.fields()) {
		chain.Text = ""
	}
	return chain
}
