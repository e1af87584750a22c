package db

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// What DirectoryFilter can compare besides the columns of a row.
const (
	DirectoryAddresses = "address"    // of users: any of the e-mail addresses, in lower case
	DirectoryMemberOf  = "member_of"  // of users: the id of a group
	DirectoryHasMember = "has_member" // of groups: the id of a user
)

// DirectoryFilter chooses users or groups of a directory that are not deleted, in the order of their ids, which is that
// in which they were added.
type DirectoryFilter struct {
	DirectoryID   string
	Equal         []DirectoryEqual // all must hold
	Holds         []DirectoryText  // all must be in the JSON of the resource: it keeps apart what need not be read at all
	After         string           // only what comes behind this id
	Offset, Limit int64
}

// DirectoryEqual compares a column, or what the constants above name, with a value.
type DirectoryEqual struct {
	Column string
	Value  any
}

// DirectoryText is text of JSON, in lower case and ASCII, whatever its case there: Name is one that stands as it is,
// Text what follows upon it.
type DirectoryText struct{ Name, Text string }

// pattern finds the text by LIKE. K and I may stand for letters beyond ASCII, whose lower case is theirs: the Kelvin
// sign and the Turkish I with a dot. No database takes them for the same.
func (t DirectoryText) pattern() string {
	return "%" + escapeLike(t.Name) + strings.NewReplacer("k", "_", "i", "_").Replace(escapeLike(t.Text)) + "%"
}

func (f DirectoryFilter) on(query *bun.SelectQuery) *bun.SelectQuery {
	query = query.Where("directory_id = ?", f.DirectoryID).Where("deleted_at IS NULL")
	for _, equal := range f.Equal {
		switch equal.Column {
		case DirectoryAddresses:
			query = query.Where("id IN (SELECT id FROM directory_users WHERE directory_id = ? AND email = ? AND deleted_at IS NULL "+
				"UNION SELECT user_id FROM directory_addresses WHERE address = ?)", f.DirectoryID, equal.Value, equal.Value)
		case DirectoryMemberOf:
			query = query.Where("id IN (SELECT user_id FROM directory_members WHERE group_id = ?)", equal.Value)
		case DirectoryHasMember:
			query = query.Where("id IN (SELECT group_id FROM directory_members WHERE user_id = ?)", equal.Value)
		default:
			query = query.Where("? = ?", bun.Ident(equal.Column), equal.Value)
		}
	}
	for _, text := range f.Holds {
		query = query.Where(`lower(resource) LIKE ? ESCAPE '\'`, text.pattern())
	}
	return query
}

// page adds order and bounds. All of deleted_at is null: named first, it lets Postgres go by the index of pages, which it
// takes for another order otherwise.
func (f DirectoryFilter) page(query *bun.SelectQuery, model any) *bun.SelectQuery {
	before := f.on(query.NewSelect().Model(model).Column("id")).Order("deleted_at", "id").Offset(f.Offset - 1).Limit(1)
	query = f.on(query)
	if f.After != "" {
		query = query.Where("id > ?", f.After)
	}
	if f.Offset > 0 {
		// What is passed over is counted in the index alone, and not read.
		query = query.Where("id > (?)", before)
	}
	return query.Order("deleted_at", "id").Limit(f.Limit)
}

// DirectoryUserPage reads the users that a filter chooses.
func DirectoryUserPage(ctx context.Context, q bun.IDB, filter DirectoryFilter) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	err := filter.page(q.NewSelect().Model(&rows), (*DirectoryUser)(nil)).Scan(ctx)
	return rows, wrap(err, "list users of directory "+filter.DirectoryID)
}

// DirectoryUserTotal counts the users that a filter chooses, whatever its bounds.
func DirectoryUserTotal(ctx context.Context, q bun.IDB, filter DirectoryFilter) (int64, error) {
	n, err := filter.on(q.NewSelect().Model((*DirectoryUser)(nil))).Count(ctx)
	return n, wrap(err, "count users of directory "+filter.DirectoryID)
}

// DirectoryGroupPage reads the groups that a filter chooses.
func DirectoryGroupPage(ctx context.Context, q bun.IDB, filter DirectoryFilter) ([]DirectoryGroup, error) {
	var rows []DirectoryGroup
	err := filter.page(q.NewSelect().Model(&rows), (*DirectoryGroup)(nil)).Scan(ctx)
	return rows, wrap(err, "list groups of directory "+filter.DirectoryID)
}

// DirectoryGroupTotal counts the groups that a filter chooses, whatever its bounds.
func DirectoryGroupTotal(ctx context.Context, q bun.IDB, filter DirectoryFilter) (int64, error) {
	n, err := filter.on(q.NewSelect().Model((*DirectoryGroup)(nil))).Count(ctx)
	return n, wrap(err, "count groups of directory "+filter.DirectoryID)
}

// MembersOfDirectoryGroups reads who is in some groups, by group and user: at most limit rows, or all if it is 0.
func MembersOfDirectoryGroups(ctx context.Context, q bun.IDB, groups []string, limit int64) ([]DirectoryMember, error) {
	var rows []DirectoryMember
	err := q.NewSelect().Model(&rows).Where("group_id IN ?", bun.Tuple(groups)).Order("group_id", "user_id").
		Limit(limit).Scan(ctx)
	return rows, wrap(err, "read members of directory groups")
}

// DirectoryMembership says in which group a user is, and what that is called.
type DirectoryMembership struct {
	GroupID     string `bun:"group_id"`
	UserID      string `bun:"user_id"`
	DisplayName string `bun:"display_name"`
}

// MembershipsOfUsers reads in which groups some users are, by user and group: at most limit rows, or all if it is 0.
func MembershipsOfUsers(ctx context.Context, q bun.IDB, users []string, limit int64) ([]DirectoryMembership, error) {
	var rows []DirectoryMembership
	err := q.NewSelect().Model((*DirectoryMember)(nil)).Column("dm.group_id", "dm.user_id", "dg.display_name").
		Join("JOIN directory_groups AS dg ON dg.id = dm.group_id").
		Where("dm.user_id IN ?", bun.Tuple(users)).Order("dm.user_id", "dm.group_id").
		Limit(limit).Scan(ctx, &rows)
	return rows, wrap(err, "read groups of directory users")
}
