package config

import "github.com/usherhq/usher/db"

// item is one object of a section, in the rows or in the file.
type item struct {
	name   string
	fields fields
	active bool
}

// section is one kind of object, as it is and as the file wants it. Those of people and those without has are never
// removed.
type section struct {
	kind     string
	has      bool // the file has the section
	kept     bool // what the file does not name is none of its business
	old, new []item
}

// sections lists the sections in the order in which they are applied: what is referred to comes first.
func (f File) sections(rows stored) []section {
	people := section{kind: KindPerson, has: f.has[sectionPeople], kept: true}
	for _, row := range sorted(rows.people) {
		people.old = append(people.old, item{row.Email, rows.personOf(row).fields(), !dormant(row)})
	}
	for _, p := range f.People {
		people.new = append(people.new, item{p.Email, p.fields(), true})
	}
	providers := section{kind: KindProvider, has: f.has[sectionProviders]}
	for _, row := range sorted(rows.providers) {
		providers.old = append(providers.old, item{row.Slug, providerOf(row).fields(), row.Active})
	}
	for _, p := range f.Providers {
		providers.new = append(providers.new, item{p.Slug, p.fields(), true})
	}
	entitlements := section{kind: KindEntitlement, has: f.has[sectionEntitlements]}
	for _, row := range sorted(rows.entitlements) {
		entitlements.old = append(entitlements.old, item{row.Slug, entitlementOf(row).fields(), row.Active})
	}
	for _, e := range f.Entitlements {
		entitlements.new = append(entitlements.new, item{e.Slug, e.fields(), true})
	}
	return []section{
		people, providers, f.approvalSection(rows), f.actionSection(rows), entitlements, f.ruleSection(rows), f.separationSection(rows),
	}
}

func (f File) approvalSection(rows stored) section {
	s := section{kind: KindApprovalChain, has: f.has[sectionApprovalChains]}
	for _, row := range sorted(rows.approvalChains) {
		s.old = append(s.old, item{row.Slug, approvalChainOf(row).fields(), row.Active})
	}
	for _, c := range f.ApprovalChains {
		s.new = append(s.new, item{c.Slug, c.fields(), true})
	}
	return s
}

func (f File) actionSection(rows stored) section {
	s := section{kind: KindActionChain, has: f.has[sectionActionChains]}
	for _, row := range sorted(rows.actionChains) {
		s.old = append(s.old, item{row.Slug, actionChainOf(row).fields(), row.Active})
	}
	for _, c := range f.ActionChains {
		s.new = append(s.new, item{c.Slug, c.fields(), true})
	}
	return s
}

func (f File) ruleSection(rows stored) section {
	s := section{kind: KindApprovalRule, has: f.has[sectionApprovalRules]}
	for _, row := range sorted(rows.approvalRules) {
		s.old = append(s.old, item{row.Slug, approvalRuleOf(row).fields(), row.Active})
	}
	for _, r := range f.ApprovalRules {
		s.new = append(s.new, item{r.Slug, r.fields(), true})
	}
	return s
}

func (f File) separationSection(rows stored) section {
	s := section{kind: KindSeparation, has: f.has[sectionSeparations]}
	for _, row := range sorted(rows.separations) {
		s.old = append(s.old, item{row.Slug, separationOf(row).fields(), row.Active})
	}
	for _, one := range f.Separations {
		s.new = append(s.new, item{one.Slug, one.fields(), true})
	}
	return s
}

// dormant says whether being named by the file makes the person active: when nobody else speaks for the person. One
// whom Slack or a directory has switched off stays off.
func dormant(row db.Person) bool {
	return !row.InSlack && row.SyncedAt.IsZero() && (!row.Active || row.Kind != db.Member)
}
