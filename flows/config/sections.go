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
	return []section{
		compared(section{kind: KindPerson, has: f.has[sectionPeople], kept: true}, sorted(rows.people), f.People,
			func(row db.Person) item { return item{row.Email, rows.personOf(row).fields(), !dormant(row)} },
			func(one Person) item { return item{one.Email, one.fields(), true} }),
		compared(section{kind: KindProvider, has: f.has[sectionProviders]}, sorted(rows.providers), f.Providers,
			func(row db.Provider) item { return item{row.Slug, providerOf(row).fields(), row.Active} },
			func(one Provider) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindApprovalChain, has: f.has[sectionApprovalChains]}, sorted(rows.approvalChains), f.ApprovalChains,
			func(row db.ApprovalChain) item { return item{row.Slug, approvalChainOf(row).fields(), row.Active} },
			func(one ApprovalChain) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindActionChain, has: f.has[sectionActionChains]}, sorted(rows.actionChains), f.ActionChains,
			func(row storedChain) item { return item{row.Slug, actionChainOf(row).fields(), row.Active} },
			func(one ActionChain) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindEntitlement, has: f.has[sectionEntitlements]}, sorted(rows.entitlements), f.Entitlements,
			func(row db.Entitlement) item { return item{row.Slug, entitlementOf(row).fields(), row.Active} },
			func(one Entitlement) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindApprovalRule, has: f.has[sectionApprovalRules]}, sorted(rows.approvalRules), f.ApprovalRules,
			func(row db.Ruling) item { return item{row.Slug, approvalRuleOf(row).fields(), row.Active} },
			func(one ApprovalRule) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindSeparation, has: f.has[sectionSeparations]}, sorted(rows.separations), f.Separations,
			func(row db.Separation) item { return item{row.Slug, separationOf(row).fields(), row.Active} },
			func(one Separation) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindDirectory, has: f.has[sectionDirectories]}, sorted(rows.directories), f.Directories,
			func(row db.Directory) item { return item{row.Slug, directoryOf(row).fields(), row.Active} },
			func(one Directory) item { return item{one.Slug, one.fields(), true} }),
		compared(section{kind: KindBirthright, has: f.has[sectionBirthrights]}, sorted(rows.birthrights), f.Birthrights,
			func(row db.Birthright) item { return item{row.Slug, birthrightOf(row).fields(), row.Active} },
			func(one Birthright) item { return item{one.Slug, one.fields(), true} }),
	}
}

// compared is a section with what is stored beside what the file wants.
func compared[R, O any](s section, rows []R, wanted []O, was func(R) item, is func(O) item) section {
	for _, row := range rows {
		s.old = append(s.old, was(row))
	}
	for _, one := range wanted {
		s.new = append(s.new, is(one))
	}
	return s
}

// dormant says whether being named by the file makes the person active: when nobody else speaks for the person. One
// whom Slack or a directory has switched off stays off.
func dormant(row db.Person) bool {
	return !row.InSlack && row.SyncedAt.IsZero() && (!row.Active || row.Kind != db.Member)
}
