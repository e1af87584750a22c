package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// longestStep is how many words a step may have.
const longestStep = 250

// Compile turns the text of a workflow into scripts. It reads nothing but its arguments and answers the same for the
// same ones. A step of which any word has no place in what it became is unclear as a whole: nothing is guessed, and
// nothing is dropped but a short list of words that change nothing.
func Compile(text string, known Known) Plan {
	kind, steps, problem := readText(text)
	if problem != "" {
		return Plan{Problem: problem}
	}
	c := &compiler{index: newIndex(known), known: known, kind: kind}
	c.known.Scripts = c.index.known.Scripts
	plan := Plan{Kind: kind}
	for n, step := range steps {
		c.final = n == len(steps)-1
		c.step(&plan, step.words)
	}
	c.withoutTwins(&plan)
	c.contradictions(&plan)
	return plan
}

// compiler compiles one workflow.
type compiler struct {
	index index
	known Known
	kind  string

	state

	trial bool // what is compiled is only tried out
	final bool // this step is the last
}

// state is what is known of the steps so far.
type state struct {
	made     []made
	mentions []thing // what was spoken of, the last one last
	asked    *cond   // what the last check or approval answers
	scope    *cond   // the condition of the last sentence, for "otherwise"
	topic    *thing  // what the condition of this sentence is about
	first    int     // the first script of this step
	heard    int     // how much had been spoken of before this step

	lost                   bool // a step before is unclear
	lostMade, lostMentions int  // how much had been made and spoken of then
}

// step compiles one step and adds it to the plan.
func (c *compiler) step(plan *Plan, words string) {
	step := db.WorkflowStep{Number: len(plan.Steps) + 1, Words: words}
	before := c.state
	c.made, c.mentions = slices.Clone(c.made), slices.Clone(c.mentions)
	c.first, c.heard = len(c.made), len(c.mentions)
	reason := c.words(words)
	if reason == nil && len(c.made) == c.first && len(plan.Steps) > 0 && plan.Steps[len(plan.Steps)-1].Unclear == "" {
		last := &plan.Steps[len(plan.Steps)-1] // it says how the script before is run
		last.Words = strings.TrimSpace(last.Words + " " + words)
		c.place(plan)
		return
	}
	if reason == nil {
		reason = c.wrong()
	}
	if reason != nil {
		c.state = before
		c.scope, c.asked = nil, nil
		c.lost, c.lostMade, c.lostMentions = true, len(c.made), len(c.mentions)
		step.Unclear, step.Options = reason.reason, c.clearOnes(reason.options)
		if len(step.Options) == 0 && !c.trial {
			guesses := c.guesses(words)
			step.Options = c.clearOnes(guesses[:min(mostGuesses, len(guesses))])
		}
	}
	plan.Steps = append(plan.Steps, step)
	c.place(plan)
}

// place gives the scripts made so far to the steps. Those before this step keep their places, but may have been given a
// retry or the like.
func (c *compiler) place(plan *Plan) {
	next := 0
	for n := range plan.Steps {
		for m := range plan.Steps[n].Scripts {
			plan.Steps[n].Scripts[m] = c.made[next].script
			next++
		}
	}
	for ; next < len(c.made); next++ {
		last := &plan.Steps[len(plan.Steps)-1]
		last.Scripts = append(last.Scripts, c.made[next].script)
	}
}

// words compiles the words of a step.
func (c *compiler) words(text string) *unclear {
	words, problem := readWords(text)
	switch {
	case problem != "":
		return cannot("%s", problem)
	case len(words) > longestStep:
		return cannot("The step is too long: write a step for each thing that is to be done.")
	case len(words) == 0:
		return cannot("Nothing is said here.")
	}
	for _, sentence := range sentences(words) {
		if reason := c.sentence(sentence); reason != nil {
			return reason
		}
	}
	if len(c.made) == c.first && c.first == 0 {
		return cannot("There is no script before this step that it could speak of.")
	}
	return nil
}

// wrong is what the catalogue finds wrong with the scripts of this step. Of those before, which it has seen, it needs
// only what they are called and what they answer.
func (c *compiler) wrong() *unclear {
	chain := make([]db.Script, len(c.made))
	for n, m := range c.made {
		chain[n] = m.script
		if n < c.first {
			chain[n] = db.Script{Name: m.script.Name, Type: m.script.Type, Args: m.script.Args}
			if m.kind.Provider == "" {
				chain[n].Args = nil
			}
		}
	}
	for _, problem := range c.known.Scripts.Check("this workflow", chain) {
		if problem.Index >= c.first {
			return cannot("The words became a script that cannot run: %s.", problem.Reason)
		}
	}
	return nil
}

// clearOnes keeps the options that would be clear in this place.
func (c *compiler) clearOnes(options []string) []string {
	if c.trial {
		return nil
	}
	var kept []string
	for _, option := range options {
		trial := &compiler{index: c.index, known: c.known, kind: c.kind, state: c.state, trial: true, final: c.final}
		trial.made = slices.Clone(c.made)
		trial.mentions = slices.Clone(c.mentions)
		trial.first, trial.heard = len(trial.made), len(trial.mentions)
		if slices.Contains(kept, option) || trial.words(option) != nil || len(trial.made) == trial.first || trial.wrong() != nil || trial.takesOnly() {
			continue
		}
		if kept = append(kept, option); len(kept) == mostOptions {
			break
		}
	}
	return kept
}

// withoutTwins takes out what "before adding …" only announces, where a later step does it.
func (c *compiler) withoutTwins(plan *Plan) {
	for n, m := range c.made {
		twin := m.implied && madeBefore(c.made[n+1:], m.script)
		for s := range plan.Steps {
			if all := plan.Steps[s].Scripts; twin && len(all) > 1 {
				plan.Steps[s].Scripts = slices.DeleteFunc(all, func(script db.Script) bool { return script.Name == m.script.Name })
			}
		}
	}
}

// contradictions marks the steps of a provisioning workflow that take access, unless the same system gives something
// in exchange.
func (c *compiler) contradictions(plan *Plan) {
	if plan.Kind != db.Provision {
		return
	}
	given := map[string]bool{}
	for _, m := range c.made {
		if m.kind.Effect == connectors.Grants && strings.HasPrefix(m.kind.Endpoint, "add_user_to_") {
			given[m.kind.Provider] = true
		}
	}
	for n := range plan.Steps {
		for _, script := range plan.Steps[n].Scripts {
			t, err := c.known.Scripts.Type(script.Type, script.Args)
			if err == nil && takesMembership(t) && !given[t.Provider] {
				plan.Steps[n].Unclear = "This step takes access, in a workflow that gives access, and nothing is given in exchange: write it in the deprovisioning workflow."
			}
		}
		if plan.Steps[n].Unclear != "" {
			plan.Steps[n].Scripts = nil
		}
	}
}

// takesOnly says whether this step takes access in a workflow that gives it, with nothing given in exchange.
func (c *compiler) takesOnly() bool {
	given := slices.ContainsFunc(c.made, func(m made) bool { return m.kind.Effect == connectors.Grants })
	return c.kind == db.Provision && !given && slices.ContainsFunc(c.made[c.first:], func(m made) bool { return takesMembership(m.kind) })
}

func takesMembership(t scripts.Type) bool {
	return t.Effect == connectors.Revokes && strings.HasPrefix(t.Endpoint, "remove_user_from_")
}
