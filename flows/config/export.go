package config

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Export writes the active configuration as a file of which applying changes nothing. Secrets are not in it, only
// references to them. Of people it has those of whom Slack does not know all: people of the static directory, and
// those with a manager, a department, attributes or groups of the directory. Action chains that were never published are not in it.
func Export(ctx context.Context, q bun.IDB) ([]byte, error) {
	rows, err := readStored(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the present configuration: %w", err)
	}
	d := &document{}
	if rows.settings.Channel != "" {
		d.setting("channel", rows.settings.Channel)
	}
	if len(rows.settings.Admins) > 0 {
		d.setting("admins", words(rows.settings.Admins))
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
			actions = append(actions, actionChainOf(row).fields())
		}
	}
	d.section(sectionPeople, people)
	d.section(sectionProviders, providers)
	d.section(sectionEntitlements, entitlements)
	d.section(sectionApprovalChains, approvals)
	d.section(sectionActionChains, actions)
	return []byte(d.out.String()), nil
}
