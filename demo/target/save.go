package target

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// saved is one resource as Save writes it.
type saved struct {
	Kind     string    `json:"kind"`
	ID       string    `json:"id"`
	Data     resource  `json:"data"`
	Version  int       `json:"version"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
}

// Save writes all users and groups as JSON, so that a trial can be stopped and taken up again.
func (t *Target) Save(w io.Writer) error {
	t.mu.Lock()
	all := []saved{}
	for _, table := range []*table{t.users, t.groups} {
		for _, r := range table.all() {
			all = append(all, saved{table.kind.name, r.id, r.data.copied(), r.version, r.created, r.modified})
		}
	}
	t.mu.Unlock()
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("save %s: %w", t.options.Name, err)
	}
	return nil
}

// Load replaces all users and groups by what Save wrote; nobody is signed in then. If it cannot be read, everything stays as it is.
func (t *Target) Load(r io.Reader) error {
	var all []saved
	if err := json.NewDecoder(r).Decode(&all); err != nil {
		return fmt.Errorf("load %s: %w", t.options.Name, err)
	}
	users, groups := newTable(userKind), newTable(groupKind)
	for _, s := range all {
		table := users
		if s.Kind == groupKind.name {
			table = groups
		}
		table.put(s.ID, clean(s.Data), s.Modified)
		table.byID[s.ID].version, table.byID[s.ID].created = s.Version, s.Created
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	*t.users, *t.groups, t.sessions = *users, *groups, nil
	t.announce()
	return nil
}
