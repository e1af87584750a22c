package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// MergePerson gives one person what is known of another who turned out to be the same: who he is in directories, the groups
// that he is in, what he holds, what is asked for him, and what rules said of him. What both had stays the former's.
func MergePerson(ctx context.Context, q bun.IDB, from, to string) error {
	for _, one := range []struct{ what, statement string }{
		{"directory users", "UPDATE directory_users SET person_id = ?1 WHERE person_id = ?0"},
		{"groups", "INSERT INTO group_members (group_id, person_id) SELECT group_id, ?1 FROM group_members WHERE person_id = ?0 ON CONFLICT DO NOTHING"},
		{"groups", "DELETE FROM group_members WHERE person_id = ?0"},
		{"items", "UPDATE request_items SET subject_id = ?1 WHERE subject_id = ?0"},
		{"grants", "UPDATE grants SET subject_id = ?1 WHERE subject_id = ?0"},
		{"departures", "UPDATE departures SET person_id = ?1 WHERE person_id = ?0 AND NOT (status = 'open' AND " +
			"EXISTS (SELECT 1 FROM departures AS own WHERE own.person_id = ?1 AND own.status = 'open'))"},
		{"what rules give", "INSERT INTO birthright_people (person_id, birthright, entitlement_id, since, until, blocked) " +
			"SELECT ?1, birthright, entitlement_id, since, until, blocked FROM birthright_people WHERE person_id = ?0 ON CONFLICT DO NOTHING"},
		{"what rules give", "DELETE FROM birthright_people WHERE person_id = ?0"},
	} {
		if _, err := q.NewRaw(one.statement, from, to).Exec(ctx); err != nil {
			return fmt.Errorf("merge %s of %s with %s: %w", one.what, from, to, err)
		}
	}
	return nil
}
