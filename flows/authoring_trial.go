package flows

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// trial is a test under way.
type trial struct {
	*Flows

	test      *Test
	catalogue *scripts.Catalogue
	scope     rules.Scope
	unknown   []string          // scripts whose output is not known before they ran
	pending   map[string]string // provider to the first script that would change something there
}

// try plans one script after the other.
func (f *Flows) try(ctx context.Context, t *Test) error {
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	catalogue, err := f.scriptCatalogue(ctx, f.store)
	if err != nil {
		return err
	}
	r := &trial{Flows: f, test: t, catalogue: catalogue, pending: map[string]string{}}
	if r.scope, err = r.pretend(ctx); err != nil {
		return err
	}
	for _, script := range t.Version.Scripts {
		plan, err := f.plan(ctx, f.store, []db.Script{script}, r.scope)
		if err != nil {
			return err
		}
		tried := r.one(ctx, script)
		tried.Script, tried.Plan = script, strings.Join(plan, " ")
		t.Tried = append(t.Tried, tried)
	}
	return nil
}

// pretend is the scope of a request that nobody made: the person asks for himself, for the usual time.
func (r *trial) pretend(ctx context.Context) (rules.Scope, error) {
	now, t := r.Now(), r.test
	request := db.Request{ID: "test", RequesterID: t.Subject.ID, Requester: &t.Subject, Reason: "test", Status: db.Approved, CreatedAt: now}
	item := db.RequestItem{ID: "test", Duration: t.For.Durations.Default, Entitlement: &t.For, Subject: &t.Subject}
	grant := db.Grant{
		ID: "test", SubjectID: t.Subject.ID, EntitlementID: t.For.ID, Status: db.Provisioning, Duration: item.Duration,
		StartsAt: now, ExpiresAt: now.Add(time.Duration(item.Duration)), CreatedAt: now,
	}
	return r.Flows.scope(ctx, r.store, request, item, &grant)
}

// one says what a script would find and do.
func (r *trial) one(ctx context.Context, script db.Script) Tried {
	name := rules.Name(script.Name)
	wanted, err := rules.Holds(script.When, r.scope)
	if err != nil {
		return r.untold(script, script.When, err)
	}
	if !wanted {
		r.scope[name] = map[string]any{}
		return Tried{State: WouldSkip, Found: "Its condition does not hold: " + script.When}
	}
	filled, err := rules.Expand(script.Args, r.scope)
	if err != nil {
		return r.untold(script, fmt.Sprint(script.Args), err)
	}
	args, _ := filled.(map[string]any)
	t, err := r.catalogue.Type(script.Type, args)
	switch {
	case err != nil:
		return r.untold(script, "", err)
	case t.Provider == "" || t.Hook:
		r.unknown = append(r.unknown, name)
		return Tried{State: WouldDo, Found: wouldWords(t, args)}
	}
	return r.read(ctx, t, script, args)
}

// untold is a script of which nothing can be said: because of an earlier one, or for good.
func (r *trial) untold(script db.Script, expr string, err error) Tried {
	for _, name := range r.unknown {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(expr) {
			r.unknown = append(r.unknown, rules.Name(script.Name))
			return Tried{State: Depends, Found: "It uses what " + name + " comes to."}
		}
	}
	r.unknown = append(r.unknown, rules.Name(script.Name))
	return Tried{State: CannotTell, Found: err.Error()}
}

// read is the read half of an endpoint.
func (r *trial) read(ctx context.Context, t scripts.Type, script db.Script, args map[string]any) Tried {
	name := rules.Name(script.Name)
	state, err := r.planned(ctx, t, args)
	first, waits := r.pending[t.Provider]
	switch {
	case err != nil && waits:
		r.unknown = append(r.unknown, name)
		return Tried{State: Depends, Found: first + " comes first and changes this. Now: " + err.Error()}
	case err != nil:
		r.unknown = append(r.unknown, name)
		return Tried{State: CannotTell, Found: err.Error()}
	case t.Effect == connectors.Reads:
		r.scope[name] = orEmpty(state.Output)
		return Tried{State: WouldRead, Found: state.Summary}
	case state.Done:
		r.scope[name] = orEmpty(state.Output)
		return Tried{State: AlreadyThere, Found: state.Summary}
	}
	r.unknown = append(r.unknown, name)
	if !waits {
		r.pending[t.Provider] = script.Name
	}
	return Tried{State: WouldDo, Found: state.Summary}
}

// planned reads at a provider, for a bounded time and within its rate.
func (r *trial) planned(ctx context.Context, t scripts.Type, args map[string]any) (connectors.State, error) {
	ctx, cancel := context.WithTimeout(ctx, testOneScript)
	defer cancel()
	endpoint, opened, err := r.providers.endpoint(ctx, r.store, t.Provider, t.Endpoint)
	if err != nil {
		return connectors.State{}, err
	}
	if err := opened.limiter.Wait(ctx); err != nil {
		return connectors.State{}, fmt.Errorf("%s is busy: its rate limit left no room in time", t.Provider)
	}
	subject := r.test.Subject
	state, err := connectors.Plan(ctx, endpoint, connectors.Call{Args: args, Target: r.test.For.Target, Subject: connectors.Person{
		Email: subject.Email, Name: subject.Name, Department: subject.Department, Title: subject.Title, Attributes: subject.Attributes,
	}})
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%s did not answer within %s", t.Provider, testOneScript)
	}
	return state, err
}

// wouldWords says what one of Usher's own scripts would do.
func wouldWords(t scripts.Type, args map[string]any) string {
	switch {
	case t.Hook:
		return "Would call the webhook " + t.Endpoint + " of " + t.Provider + "."
	case t.Name == scripts.None:
		return "Would do nothing."
	case t.Name == scripts.Sleep:
		if length, err := db.ParseDuration(text(args, "for")); err == nil {
			return "Would wait " + length.Words() + "."
		}
		return "Would wait " + text(args, "for") + "."
	case t.Name == scripts.WaitUntil:
		return "Would wait until " + text(args, "until") + "."
	case t.Name == scripts.ManualTask:
		return "Would ask " + text(args, "to") + " to do by hand: " + text(args, "text")
	case t.Name == scripts.SlackApproval, t.Name == scripts.EmailApproval:
		return "Would ask " + strings.Trim(text(args, "to"), "[]") + ": " + text(args, "text")
	case t.Name == scripts.SlackNotification, t.Name == scripts.EmailNotification:
		return "Would tell " + text(args, "to") + ": " + text(args, "text")
	}
	return "Would do: " + t.Doc
}
