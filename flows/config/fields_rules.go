package config

import (
	"time"

	"github.com/usherhq/usher/db"
)

func (s Settings) fields() fields {
	var all fields
	if s.Channel != nil {
		all = append(all, field{"channel", *s.Channel})
	}
	for _, list := range []struct {
		key   string
		value *[]string
	}{{"admins", s.Admins}, {"auditors", s.Auditors}} {
		if list.value != nil {
			all = append(all, field{list.key, words(*list.value)})
		}
	}
	if s.Pending != nil {
		all = append(all, field{"pending", length(*s.Pending)})
	}
	if s.FourEyes != nil {
		all = append(all, field{"four_eyes", *s.FourEyes})
	}
	if s.QuietHours != nil {
		q := *s.QuietHours
		all = append(all, field{"quiet_hours", fields{{"from", q.From}, {"to", q.To}, {"weekends", q.Weekends}}.some()})
	}
	return all
}

func (c ApprovalChain) fields() fields {
	steps := []any{}
	for _, step := range c.Steps {
		steps = append(steps, stepFields(step))
	}
	return fields{{"slug", c.Slug}, {"name", c.Name}, {"pending", length(c.Pending)}, {"steps", steps}}
}

func stepFields(step db.Step) fields {
	var need any = step.Need
	if step.All {
		need = needAll
	}
	return fields{
		{"name", step.Name},
		{"approvers", words(step.Approvers)},
		{"need", need},
		{"notify", wordsOrNone(step.Notify)},
		{"when", step.When},
		{"comment", step.Comment},
		{"step_up", step.StepUp},
		{"same_person", step.Repeat},
		{"self", step.Self},
		{"fixed", step.Fixed},
		{"remind", length(step.Remind)},
		{"timeout", length(step.Timeout)},
		{"on_timeout", onTimeoutFields(step.OnTimeout)},
		{"ask_in", step.AskIn},
	}.some()
}

func onTimeoutFields(t db.OnTimeout) fields {
	return fields{
		{"escalate", wordsOrNone(t.Escalate)},
		{"reassign", wordsOrNone(t.Reassign)},
		{"close", t.Close},
		{"deny", t.Deny},
		{"go_on", t.GoOn},
	}.some()
}

func emergencyFields(e *db.Emergency) any {
	if e == nil {
		return nil
	}
	return fields{
		{"chain", e.Chain},
		{"max", length(e.Max)},
		{"channel", e.Channel},
		{"reviewers", words(e.Reviewers)},
		{"review_in", length(e.ReviewIn)},
		{"usable_by", e.UsableBy},
	}.some()
}

func (r ApprovalRule) fields() fields {
	return fields{
		{"slug", r.Slug},
		{"name", r.Name},
		{"effect", r.Effect},
		{"when", r.When},
		{"entitlements", wordsOrNone(r.Entitlements)},
		{"reason", r.Reason},
		{"until", untilText(r.Until)},
	}
}

// untilText writes the end of a rule: the last day on which it holds, or the moment if that is within a day.
func untilText(at time.Time) string {
	switch {
	case at.IsZero():
		return ""
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.Add(-time.Second).Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}

func (s Separation) fields() fields {
	var step any
	if s.Step != nil {
		step = stepFields(*s.Step)
	}
	return fields{
		{"slug", s.Slug},
		{"name", s.Name},
		{"entitlements", words(s.Entitlements)},
		{"effect", s.Effect},
		{"step", step},
		{"reason", s.Reason},
	}
}

// wordsOrNone is a list that says nothing when it is empty.
func wordsOrNone(all []string) any {
	if len(all) == 0 {
		return nil
	}
	return words(all)
}
