package flows_test

import (
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// model is what the property test of approval chains knows by itself about the people of one run, by person id. It says
// who may decide, in another way than the code under test does.
type model struct {
	requester, subject   string
	owner, providerOwner string
	active               map[string]bool
	manager              map[string]string
	email                map[string]string // to person id
	crew, admins         []string
	absences             []absence
}

type absence struct {
	id, who, to string
	from, until time.Time
}

// verdict is what the model says about a step: who may decide now, how many of them are there, how many approvals the
// step has and needs, and whether too few can be found.
type verdict struct {
	may         map[string]bool
	able        map[string]bool // who could, if somebody handed it to him
	there       map[string]bool // in whose place somebody can decide who is there
	present     int
	given, need int
	short       bool
	missing     []string // of a step on which all must approve: who is there and has not
	waiting     bool     // it is not known yet who is on call
}

// judge says who may decide on an open step.
func (m *model) judge(step db.ApprovalStep, decisions []db.Decision, steps []db.ApprovalStep, now time.Time) verdict {
	j := judging{model: m, step: step, now: now, taken: map[string]bool{}, earlier: map[string]bool{}}
	for _, d := range decisions {
		at := slices.IndexFunc(steps, func(s db.ApprovalStep) bool { return s.ID == d.StepID })
		switch {
		case d.StepID == step.ID:
			j.mark(j.taken, d)
			if d.Verdict == db.Approved {
				j.given = append(j.given, seatOf(d))
			}
		case d.Verdict == db.Approved && steps[at].FlowID == step.FlowID && steps[at].Position < step.Position && !step.Spec.Repeat:
			j.mark(j.earlier, d)
		}
	}
	return j.verdict()
}

func seatOf(d db.Decision) string {
	if d.ForID != "" {
		return d.ForID
	}
	return d.PersonID
}

type judging struct {
	*model

	step    db.ApprovalStep
	now     time.Time
	taken   map[string]bool
	earlier map[string]bool
	given   []string
}

func (j *judging) mark(people map[string]bool, d db.Decision) {
	people[d.PersonID], people[seatOf(d)] = true, true
}

func (j *judging) verdict() verdict {
	sources, widened := j.step.Spec.Approvers, false
	if timeout := j.step.Spec.OnTimeout; j.step.Escalated {
		sources, widened = append(slices.Clone(sources), timeout.Escalate...), timeout.GoOn
		if len(timeout.Reassign) > 0 {
			sources = timeout.Reassign
		}
	}
	var named []string
	waiting := false
	for _, source := range sources {
		people, known := j.named(source)
		named, waiting = append(named, people...), waiting || !known
	}
	wanted := max(j.step.Need, 1)
	if j.step.Spec.All {
		wanted = 1
	}
	out := j.count(named)
	for _, people := range [][]string{one(j.owner), one(j.providerOwner), j.admins} {
		if !widened && (waiting || out.present+len(j.given) >= wanted) {
			break
		}
		named = append(named, people...)
		out = j.count(named)
	}
	out.short = !waiting && out.present+len(j.given) < wanted
	out.given, out.need, out.waiting = len(j.given), wanted, waiting
	for _, id := range j.step.Must {
		if id = j.handed(id); out.there[id] && !slices.Contains(j.given, id) {
			out.missing = append(out.missing, id)
		}
	}
	return out
}

func one(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// named are the people of a source; it is not known while nobody has answered who is on call.
func (j *judging) named(source string) (people []string, known bool) {
	switch {
	case source == "manager":
		return one(j.manager[j.subject]), true
	case source == "managers_manager":
		return one(j.manager[j.manager[j.subject]]), true
	case source == "owner" && j.owner != "":
		return one(j.owner), true
	case source == "owner", source == "provider_owner":
		return one(j.providerOwner), true
	case source == "@crew":
		return j.crew, true
	case strings.HasPrefix(source, "on_call:"):
		emails, answered := j.step.OnCall[source]
		for _, email := range emails {
			people = append(people, j.email[email])
		}
		return people, answered
	}
	return one(j.email[source]), true
}

// count says who of the people named may decide, and how many of them, or of those who stand in for them, are there.
func (j *judging) count(named []string) verdict {
	own, there := map[string]bool{}, map[string]bool{}
	for _, id := range named {
		if id = j.handed(id); j.able(id, j.step.Spec.Self) && !j.taken[id] {
			own[id] = true
		}
	}
	out := verdict{may: map[string]bool{}, there: map[string]bool{}, able: map[string]bool{}}
	for id := range j.active {
		out.able[id] = j.able(id, false) && !j.taken[id]
	}
	for id := range own {
		out.may[id] = true
		who := id
		if j.absent(id) != nil {
			if id == j.requester || id == j.subject {
				continue
			}
			if who = j.standIn(id); who == "" || own[who] || j.taken[who] || !j.able(who, false) {
				continue
			}
		}
		out.may[who], there[who], out.there[id] = true, true, true
	}
	out.present = len(there)
	return out
}

func (j *judging) handed(id string) string {
	for _, hand := range j.step.Handed {
		if hand.From == id {
			id = hand.To
		}
	}
	return id
}

func (j *judging) able(id string, self bool) bool {
	own := id == j.requester || id == j.subject
	return j.active[id] && !j.earlier[id] && (self || !own)
}

func (j *judging) absent(id string) *absence {
	for n, a := range j.absences {
		if a.who == id && !a.from.After(j.now) && a.until.After(j.now) {
			return &j.absences[n]
		}
	}
	return nil
}

// standIn follows absences to somebody who is there, or to nobody.
func (j *judging) standIn(id string) string {
	for range len(j.active) + 1 {
		a := j.absent(id)
		if a == nil {
			return id
		}
		if a.to == "" {
			return ""
		}
		id = j.handed(a.to)
	}
	return ""
}
