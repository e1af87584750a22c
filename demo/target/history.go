package target

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// remembered is how many entries the page shows.
const remembered = 50

// entry is one line of the history. Kind is "in", "out", "change" or "switch"; At is UTC.
type entry struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	Text string    `json:"text"`
}

// facts is who has what, as words: the fact, and what to say when it comes and when it goes.
type facts map[string]wording

type wording struct {
	come, gone string
	// version is that of an account or group, and changed what to say when nothing but it is new.
	version int
	changed string
}

// snapshot lists all facts. The lock is held.
func (t *Target) snapshot() facts {
	all, names := facts{}, map[string]string{}
	for _, row := range t.users.all() {
		name := row.shownName()
		names[row.id] = name
		all["account "+row.id] = wording{"Account of " + name + " created", "Account of " + name + " deleted", row.version, "Account of " + name + " changed"}
		if !row.active() {
			all["disabled "+row.id] = wording{come: "Account of " + name + " disabled", gone: "Account of " + name + " enabled"}
		}
		for _, element := range row.data.elements("roles") {
			role := elementValue(element)
			all["role "+row.id+" "+role] = wording{come: name + " given the role " + role, gone: "Role " + role + " taken from " + name}
		}
		for _, element := range row.data.elements("entitlements") {
			license := elementValue(element)
			all["license "+row.id+" "+license] = wording{come: name + " given the license " + license, gone: "License " + license + " taken from " + name}
		}
	}
	for _, row := range t.groups.all() {
		group := row.data.text("displayName")
		all["group "+row.id] = wording{"Group " + group + " created", "Group " + group + " deleted", row.version, "Group " + group + " changed"}
		for _, member := range row.data.elements("members") {
			name, id := names[elementValue(member)], elementValue(member)
			all["member "+id+" "+row.id] = wording{come: name + " added to " + group, gone: name + " removed from " + group}
		}
	}
	return all
}

// record compares with what was before, remembers what came and went, and wakes the page. The lock is held.
func (t *Target) record(before facts) {
	after := t.snapshot()
	changed := false
	for _, fact := range slices.Sorted(maps.Keys(before)) {
		if _, still := after[fact]; !still {
			t.remember(direction(fact, false), before[fact].gone)
			changed = true
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(after)) {
		if _, was := before[fact]; !was {
			t.remember(direction(fact, true), after[fact].come)
			changed = true
		}
	}
	if changed || t.recordOthers(before, after) {
		t.closeSessions()
		t.mutations++
		t.announce()
	}
}

// recordOthers remembers an account or group of which something changed that is nobody's access, such as its name, and
// reports whether there is one. The lock is held.
func (t *Target) recordOthers(before, after facts) bool {
	changed := false
	for _, fact := range slices.Sorted(maps.Keys(after)) {
		if was, still := before[fact]; still && was.version != after[fact].version {
			t.remember("change", after[fact].changed)
			changed = true
		}
	}
	return changed
}

// shownName is what people call the person whose account it is.
func (r *row) shownName() string {
	if name := r.data.text("displayName"); name != "" {
		return name
	}
	return r.data.text("userName")
}

// direction says whether access came in or went out; a disabled account is access that went.
func direction(fact string, came bool) string {
	if strings.HasPrefix(fact, "disabled ") {
		came = !came
	}
	if came {
		return "in"
	}
	return "out"
}

// remember puts an entry on top of the history. The lock is held.
func (t *Target) remember(kind, text string) {
	t.history = append([]entry{{t.now(), kind, text}}, t.history...)
	t.history = t.history[:min(len(t.history), remembered)]
}
