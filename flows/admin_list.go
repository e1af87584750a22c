package flows

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// AdminList reads one page of the objects of a kind that hold each word of text, for somebody who may see them: admins
// and auditors all of them; who owns something his entitlements, and the approval chains that he may choose. A page
// behind the last is the last.
func (f *Flows) AdminList(ctx context.Context, personID, kind, text string, page int) (AdminPage, error) {
	viewer, err := f.viewer(ctx, f.store, personID, kind)
	if err != nil {
		return AdminPage{}, err
	}
	for {
		filter := pageFilter(text, page)
		if !viewer.seesAll() {
			filter.Owner = viewer.Email
		}
		rows, total, err := adminRows(ctx, f.store, kind, filter)
		if err != nil {
			return AdminPage{}, err
		}
		found := AdminPage{Rows: rows, Page: max(page, 0), Pages: pagesOf(total), Total: int(total)}
		if found.Page < found.Pages {
			return found, nil
		}
		page = found.Pages - 1
	}
}

// adminRows reads rows of a kind as a list shows them.
func adminRows(ctx context.Context, q bun.IDB, kind string, filter db.ListFilter) ([]AdminRow, int64, error) {
	switch kind {
	case config.KindEntitlement:
		return rowsOf(ctx, q, filter, db.ListEntitlements, func(e db.Entitlement) AdminRow {
			return AdminRow{e.Slug, e.Name, fmt.Sprintf("%s · %s risk · %s", e.Provider.Name, e.Risk, orNobody(e.OwnerEmail)), e.Active}
		})
	case config.KindProvider:
		return rowsOf(ctx, q, filter, db.ListProviders, func(p db.Provider) AdminRow {
			return AdminRow{p.Slug, p.Name, fmt.Sprintf("%s · %s", p.Connector, orNobody(p.OwnerEmail)), p.Active}
		})
	case config.KindApprovalChain:
		return rowsOf(ctx, q, filter, db.ListApprovalChains, func(c db.ApprovalChain) AdminRow {
			return AdminRow{c.Slug, c.Title(), counted(len(c.Steps), "step", "steps"), c.Active}
		})
	case config.KindActionChain:
		return rowsOf(ctx, q, filter, db.ListActionChains, func(c db.ActionChain) AdminRow { return AdminRow{c.Slug, c.Title(), c.Kind, c.Active} })
	case config.KindApprovalRule:
		return rowsOf(ctx, q, filter, db.ListRulings, func(r db.Ruling) AdminRow { return AdminRow{r.Slug, r.Name, rulingNote(r), r.Active} })
	case config.KindSeparation:
		return rowsOf(ctx, q, filter, db.ListSeparations, func(s db.Separation) AdminRow {
			return AdminRow{s.Slug, s.Name, fmt.Sprintf("%s · %d entitlements", s.Effect, len(s.Entitlements)), s.Active}
		})
	case config.KindDirectory:
		return rowsOf(ctx, q, filter, db.ListDirectories, func(d db.Directory) AdminRow {
			return AdminRow{d.Slug, d.Name, fmt.Sprintf("%s · %s · %s", kindWords[d.Kind], modeWords(d.Policy.Mode), orNobody(d.OwnerEmail)), d.Active}
		})
	case config.KindBirthright:
		return rowsOf(ctx, q, filter, db.ListBirthrights, func(b db.Birthright) AdminRow {
			return AdminRow{b.Slug, b.Name, fmt.Sprintf("%s · %s", counted(len(b.Entitlements), "entitlement", "entitlements"), b.Condition), b.Active}
		})
	case config.KindPerson:
		return rowsOf(ctx, q, filter, db.ListPeople, func(p db.Person) AdminRow { return AdminRow{p.Email, p.Name, personNote(p), p.Active} })
	}
	return nil, 0, refuse("There is no list of this kind.")
}

func rowsOf[T any](ctx context.Context, q bun.IDB, filter db.ListFilter,
	read func(context.Context, bun.IDB, db.ListFilter) ([]T, int64, error), row func(T) AdminRow,
) ([]AdminRow, int64, error) {
	found, total, err := read(ctx, q, filter)
	rows := make([]AdminRow, 0, len(found))
	for _, one := range found {
		rows = append(rows, row(one))
	}
	return rows, total, err
}

func orNobody(owner string) string {
	if owner == "" {
		return "no owner"
	}
	return owner
}

// modeOr is what a directory does with changes of which its policy says nothing.
// kindWords are what the kinds of directories are called.
var kindWords = map[string]string{db.SCIMDirectory: "SCIM", db.WorkOSDirectory: "WorkOS"}

// modeWords say what becomes of what a directory writes.
func modeWords(mode string) string {
	if mode == db.Hold {
		return "what it writes waits for a decision"
	}
	return "what it writes is so at once"
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func rulingNote(r db.Ruling) string {
	if r.EndsAt.IsZero() {
		return r.Effect
	}
	return r.Effect + " · until " + r.EndsAt.UTC().Format("2006-01-02 15:04") + " UTC"
}

func personNote(p db.Person) string {
	note := p.Label()
	if p.Department != "" {
		note += " · " + p.Department
	}
	if p.Kind == db.Guest {
		note += " · guest"
	}
	return note
}
