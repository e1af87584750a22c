package flows_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

const (
	castSize = 7 // people of a run; the last but one may be a guest, the last one is the admin
	pagerSrc = "on_call:pager_api_on_call"
)

// cast makes the people of a run and the chain that their request goes through.
func (p *run) cast() {
	mark := db.NewID("p")[2:]
	p.model = &model{active: map[string]bool{}, manager: map[string]string{}, email: map[string]string{}}
	people := make([]db.Person, castSize)
	for n := range people {
		people[n] = db.Person{
			ID: fmt.Sprintf("per_%d%s", n, mark), Email: fmt.Sprintf("p%d-%s@example.com", n, mark), Name: fmt.Sprintf("P%d", n),
			SlackID: fmt.Sprintf("U%d%s", n, mark), TeamID: "T1", Attributes: map[string]any{}, Kind: db.Member, Active: true, InSlack: true,
		}
		if n == castSize-2 && p.sometimes("guest") {
			people[n].Kind = db.Guest
		}
		p.active[people[n].ID], p.email[people[n].Email] = people[n].Kind == db.Member, people[n].ID
		p.crowd = append(p.crowd, people[n].ID)
	}
	for n := range people {
		if boss := p.maybe("manager"); boss != "" {
			p.manager[people[n].ID] = boss
			people[n].ManagerEmail = p.mail(boss)
		}
	}
	p.owner, p.providerOwner = p.maybe("owner"), p.maybe("provider owner")
	p.crew = rapid.SliceOfNDistinct(rapid.SampledFrom(p.crowd), 0, 4, rapid.ID).Draw(p.r, "crew")
	p.admins = p.crowd[castSize-1:]
	p.write(people)
}

// write puts the people, the owners, the group and the chain into the database.
func (p *run) write(people []db.Person) {
	steps := p.steps0()
	err := p.store.RunInTx(p.ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&people).Exec(ctx)
		require.NoError(p.r, err)
		p.rule(ctx, tx)
		for _, change := range []*bun.UpdateQuery{
			tx.NewUpdate().Table("providers").Set("owner_email = ?", p.mail(p.providerOwner)).Where("slug = 'drive'"),
			tx.NewUpdate().Table("entitlements").Set("owner_email = ?", p.mail(p.owner)).Where("slug = 'prop'"),
			tx.NewUpdate().Model(&db.ApprovalChain{Steps: steps}).Column("steps").Where("slug = 'prop'"),
		} {
			_, err := change.Exec(ctx)
			require.NoError(p.r, err)
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM river_job") // nobody works them here
		require.NoError(p.r, err)
		require.NoError(p.r, db.SaveSettings(ctx, tx, db.Settings{Channel: "#access", Admins: []string{p.mail(p.admins[0])}}))
		group, err := db.SaveGroup(ctx, tx, db.Group{Source: "slack", Handle: "crew", Name: "Crew", SlackID: "SCREW"})
		require.NoError(p.r, err)
		p.crewID = group.ID
		return db.SetMembers(ctx, tx, group.ID, p.crew)
	})
	require.NoError(p.r, err)
}

// rule lets a rule decide at times, in place of everybody.
func (p *run) rule(ctx context.Context, tx bun.IDB) {
	_, err := tx.ExecContext(ctx, "DELETE FROM approval_rules")
	require.NoError(p.r, err)
	if !p.sometimes("rule") || !p.sometimes("a rule") {
		return
	}
	rule := db.Ruling{
		ID: db.NewID("rul"), Slug: "prop", Name: "Prop", Effect: rapid.SampledFrom([]string{db.RuleApproves, db.RuleDenies}).Draw(p.r, "effect"),
		Condition: "true", Entitlements: []string{}, Active: true,
	}
	_, err = tx.NewInsert().Model(&rule).Exec(ctx)
	require.NoError(p.r, err)
}

func (p *run) mail(id string) string {
	for email, one := range p.email {
		if one == id {
			return email
		}
	}
	return ""
}

// person is anybody of the run.
func (p *run) person(label string) string { return rapid.SampledFrom(p.crowd).Draw(p.r, label) }

// maybe is anybody, or nobody.
func (p *run) maybe(label string) string {
	if p.sometimes("no " + label) {
		return ""
	}
	return p.person(label)
}

func (p *run) sometimes(label string) bool { return rapid.IntRange(0, 4).Draw(p.r, label) == 0 }

// conditions are what steps may depend on, with whether it holds for a request for an hour.
var conditions = map[string]bool{"duration < duration('1d')": true, "duration > duration('1d')": false, "subject.attributes.tier == 'gold'": true}

// steps0 are the steps of a random chain; it may have none.
func (p *run) steps0() []db.Step {
	var steps []db.Step
	for n := range rapid.IntRange(0, 3).Draw(p.r, "steps") {
		step := db.Step{
			Name: fmt.Sprint("Step ", n), Approvers: p.sources(), Need: rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(p.r, "need"),
			All: p.sometimes("all"), Repeat: p.sometimes("repeat"), Self: p.sometimes("self"), Fixed: p.sometimes("fixed"), Comment: p.sometimes("comment"),
		}
		if p.sometimes("remind") {
			step.Remind = db.Duration(hour)
		}
		if p.sometimes("when") {
			step.When = rapid.SampledFrom(slices.Sorted(keysOf(conditions))).Draw(p.r, "condition")
		}
		if !p.sometimes("no timeout") {
			step.Timeout, step.OnTimeout = db.Duration(4*hour), p.onTimeout()
		}
		steps = append(steps, step)
	}
	return steps
}

func keysOf(from map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range from {
			if !yield(key) {
				return
			}
		}
	}
}

func (p *run) sources() []string {
	all := []string{"manager", "managers_manager", "owner", "provider_owner", "@crew", pagerSrc, "who@example.com"}
	for _, id := range p.crowd[:castSize-1] {
		all = append(all, p.mail(id))
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 3, rapid.ID).Draw(p.r, "sources")
}

func (p *run) onTimeout() db.OnTimeout {
	switch rapid.IntRange(0, 5).Draw(p.r, "on timeout") {
	case 0:
		return db.OnTimeout{Escalate: p.sources()}
	case 1:
		return db.OnTimeout{Reassign: p.sources()}
	case 2:
		return db.OnTimeout{Close: true}
	case 3:
		return db.OnTimeout{Deny: true}
	case 4:
		return db.OnTimeout{GoOn: true}
	}
	return db.OnTimeout{}
}

// ask makes the request of the run.
func (p *run) ask() {
	able := slices.DeleteFunc(slices.Clone(p.crowd), func(id string) bool { return !p.active[id] })
	p.requester = rapid.SampledFrom(able).Draw(p.r, "requester")
	p.subject = p.requester
	if p.sometimes("for somebody else") {
		p.subject = p.person("subject")
	}
	var err error
	p.request, err = p.Request(p.ctx, flows.Ask{
		By: p.requester, For: p.subject, Reason: "I need it", Submission: db.NewID("sub"),
		Items: []flows.AskItem{{EntitlementID: p.entitlement("prop"), Duration: db.Duration(2 * hour)}},
	})
	require.NoError(p.r, err)
}

// goAway lets somebody be away for a time, with or without a delegate.
func (p *run) goAway() {
	who, to := p.person("away"), p.maybe("delegate")
	from := p.Now().Add(rapid.SampledFrom([]time.Duration{0, 0, 3 * hour}).Draw(p.r, "from"))
	until := from.Add(rapid.SampledFrom([]time.Duration{2 * hour, 10 * hour, 100 * hour}).Draw(p.r, "until"))
	row, err := p.Delegate(p.ctx, flows.Away{By: who, For: who, To: to, From: from, Until: until})
	p.allowed(err)
	if err == nil {
		require.True(p.r, p.active[who] && who != to && (to == "" || p.active[to]))
		p.absences = append(p.absences, absence{id: row.ID, who: who, to: to, from: row.StartsAt, until: row.EndsAt})
	}
	if p.request.ID != "" && rapid.Bool().Draw(p.r, "look") {
		p.look()
	}
}

// comeBack ends an absence early.
func (p *run) comeBack() {
	if len(p.absences) == 0 {
		return
	}
	n := rapid.IntRange(0, len(p.absences)-1).Draw(p.r, "absence")
	err := p.EndDelegation(p.ctx, p.absences[n].id, p.absences[n].who)
	p.allowed(err)
	if err == nil {
		p.absences = slices.Delete(p.absences, n, n+1)
	}
}

// comeOrGo deactivates somebody, or brings him back.
func (p *run) comeOrGo() {
	who := p.person("leaver")
	row, err := db.PersonByID(p.ctx, p.store, who)
	require.NoError(p.r, err)
	row.Active = !row.Active
	require.NoError(p.r, db.UpdatePerson(p.ctx, p.store, row))
	p.active[who] = row.Active && row.Kind == db.Member
	if p.request.ID != "" && rapid.Bool().Draw(p.r, "look") {
		p.look()
	}
}

// joinOrLeave changes who is in the group.
func (p *run) joinOrLeave() {
	who := p.person("member")
	if n := slices.Index(p.crew, who); n >= 0 {
		p.crew = slices.Delete(p.crew, n, n+1)
	} else {
		p.crew = append(p.crew, who)
	}
	require.NoError(p.r, db.SetMembers(p.ctx, p.store, p.crewID, p.crew))
}

// answerOnCall is what the job does that asked who is on call.
func (p *run) answerOnCall() {
	for _, step := range p.steps() {
		if step.Status != db.Deciding {
			continue
		}
		var problem error
		emails := []string{p.mail(rapid.SampledFrom(p.crowd).Draw(p.r, "on call"))}
		if p.sometimes("out of order") {
			emails, problem = []string{}, errOutOfOrder
		}
		p.allowed(p.AnswerOnCall(p.ctx, step.ID, pagerSrc, emails, problem))
	}
}
