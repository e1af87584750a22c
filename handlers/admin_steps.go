package handlers

import (
	"maps"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// unfolded is an object with what stands for several keys in a form: of a step, late and late_to for on_timeout.
func unfolded(kind string, values map[string]any) map[string]any {
	if kind != config.KindSeparation {
		return values
	}
	step, is := values["step"].(map[string]any)
	if !is {
		return values
	}
	values = maps.Clone(values)
	values["step"] = unfoldedStep(step)
	return values
}

func unfoldedStep(step map[string]any) map[string]any {
	step = maps.Clone(step)
	if step == nil {
		step = map[string]any{}
	}
	late, _ := step["on_timeout"].(map[string]any)
	for what, value := range late {
		step["late"] = what
		if to, is := value.([]any); is {
			step["late_to"] = to
		}
	}
	return step
}

// foldedStep is a step as the configuration file has it.
func foldedStep(step map[string]any) map[string]any {
	step = maps.Clone(step)
	late, _ := step["late"].(string)
	to, _ := step["late_to"].([]any)
	delete(step, "late")
	delete(step, "late_to")
	delete(step, "on_timeout")
	switch late {
	case "":
	case "escalate", "reassign":
		step["on_timeout"] = map[string]any{late: to}
	default:
		step["on_timeout"] = map[string]any{late: true}
	}
	return step
}

// stepMaps are the steps of a chain as the configuration file has them.
func stepMaps(value any) []map[string]any {
	items, _ := value.([]any)
	steps := make([]map[string]any, 0, len(items))
	for _, item := range items {
		step, _ := item.(map[string]any)
		steps = append(steps, step)
	}
	return steps
}

func stepList(steps []map[string]any) []any {
	items := make([]any, 0, len(steps))
	for _, step := range steps {
		items = append(items, step)
	}
	return items
}

// stepsIn reads steps as far as they can be read, to say in words what they mean. Whether they are right is decided when
// they are checked.
func stepsIn(value any) []db.Step {
	steps := []db.Step{}
	for _, step := range stepMaps(value) {
		steps = append(steps, stepIn(step))
	}
	return steps
}

func stepIn(values map[string]any) db.Step {
	flag := func(key string) bool { return isSet(values[key]) }
	length := func(key string) db.Duration {
		read, _ := db.ParseDuration(textOf(values[key])) // what cannot be read is nothing
		return read
	}
	late, _ := values["on_timeout"].(map[string]any)
	step := db.Step{
		Name: textOf(values["name"]), Approvers: textsOf(values["approvers"]), Need: 1, All: values["need"] == "all",
		Notify: textsOf(values["notify"]), When: textOf(values["when"]), Comment: flag("comment"), StepUp: flag("step_up"),
		Repeat: flag("same_person"), Self: flag("self"), Fixed: flag("fixed"), AskIn: textOf(values["ask_in"]),
		Remind: length("remind"), Timeout: length("timeout"),
		OnTimeout: db.OnTimeout{
			Escalate: textsOf(late["escalate"]), Reassign: textsOf(late["reassign"]), Close: isSet(late["close"]),
			Deny: isSet(late["deny"]), GoOn: isSet(late["go_on"]),
		},
	}
	if n, is := number(values["need"]); is {
		step.Need = n
	}
	return step
}
