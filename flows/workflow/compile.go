package workflow

import "github.com/usherhq/usher/db"

// Compile turns the text of a workflow into scripts. It reads nothing but its arguments and answers the same for the
// same ones.
func Compile(text string, known Known) Plan {
	kind, steps, problem := readText(text)
	plan := Plan{Kind: kind, Problem: problem}
	for n, step := range steps {
		plan.Steps = append(plan.Steps, db.WorkflowStep{
			Number: n + 1, Words: step.words, Unclear: "This step was not understood.",
		})
	}
	_ = known
	return plan
}
