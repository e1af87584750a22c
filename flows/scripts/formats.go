package scripts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

var (
	emailForm   = regexp.MustCompile(`^[^\s\pC@<>"',;]+@[^\s\pC@<>"',;]+$`)
	channelForm = regexp.MustCompile(`^(#[^\s\pC#@<>]{1,80}|[CG][A-Z0-9]{2,})$`)
	slackIDForm = regexp.MustCompile(`^[UW][A-Z0-9]+$`)
	handleForm  = regexp.MustCompile(`^[^\s\pC@:<>]{1,80}$`)
)

// format checks what an argument looks like where it is written out.
func (k *checker) format(arg Arg, value any) {
	path := []string{"args", arg.Name}
	switch arg.Format {
	case Deciders:
		k.people(path, value, decidersDoc, decider)
		return
	case Workers:
		k.people(path, value, workersDoc, func(text string) bool {
			return decider(text) || channelForm.MatchString(text) || slackIDForm.MatchString(text)
		})
		return
	case Buttons:
		if _, err := ReadButtons(value); err != nil {
			k.wrong(path, "argument %q of %s: %s", arg.Name, k.what, err)
		}
		return
	case Condition:
		k.until(path, value)
		return
	case FreeText, Length, Recipient, Address, Reader, Slug:
	}
	written, isText := value.(string)
	if !isText {
		return
	}
	if strings.Contains(written, "{{") {
		if arg.Format == Reader || arg.Format == Slug {
			k.wrong(path, "argument %q of %s must be written out, without a placeholder", arg.Name, k.what)
		}
		return
	}
	k.written(arg, path, written)
}

func (k *checker) written(arg Arg, path []string, text string) {
	switch arg.Format {
	case Length:
		if _, err := db.ParseDuration(text); err != nil || text == "" {
			k.wrong(path, "%q is not a duration: write for example 30m, 8h or 7d", text)
		}
	case Recipient:
		if !emailForm.MatchString(text) && !channelForm.MatchString(text) && !slackIDForm.MatchString(text) {
			k.wrong(path, "argument %q of %s must be %s, not %q", arg.Name, k.what, recipientDoc, text)
		}
	case Address:
		if !emailForm.MatchString(text) {
			k.wrong(path, "argument %q of %s must be an e-mail address or a placeholder, not %q", arg.Name, k.what, text)
		}
	case Reader:
		k.reader(path, text)
	case FreeText, Deciders, Workers, Buttons, Condition, Slug:
	}
}

// people checks who is asked: one, or a list.
func (k *checker) people(path []string, value any, doc string, known func(string) bool) {
	items, isList := value.([]any)
	if !isList {
		items = []any{value}
	}
	if len(items) == 0 {
		k.wrong(path, "argument %q of %s names nobody: write %s", "to", k.what, doc)
	}
	for _, item := range items {
		if text, isText := item.(string); !isText || !known(text) {
			k.wrong(path, "argument %q of %s must be %s, not %q", "to", k.what, doc, item)
		}
	}
}

func decider(text string) bool {
	if text == "manager" || text == "owner" || strings.Contains(text, "{{") || emailForm.MatchString(text) {
		return true
	}
	if handle, is := strings.CutPrefix(text, "@"); is {
		return handleForm.MatchString(handle)
	}
	handle, is := strings.CutPrefix(text, "group:")
	return is && handleForm.MatchString(handle)
}

// reader checks the read of wait_until: a type that only reads, with arguments that it takes.
func (k *checker) reader(path []string, name string) {
	t, err := k.Type(name, nil)
	switch {
	case err != nil:
		k.wrong(path, "argument %q of %s: %s", "read", k.what, err)
	case t.Effect != connectors.Reads:
		k.wrong(path, "argument %q of %s must only read, and %s changes something; what only reads is %s", "read", k.what, name, orNone(k.readers()))
	default:
		args, _ := k.script.Args["args"].(map[string]any)
		if err := connectors.CheckArgs(t.Fields(), args); err != nil {
			k.wrong([]string{"args", "args"}, "%s: the read: %s", k.what, err)
		}
	}
}

func (c *Catalogue) readers() []string {
	var names []string
	for _, t := range c.types {
		if t.Effect == connectors.Reads {
			names = append(names, t.Name)
		}
	}
	return names
}

// until checks the condition of wait_until, which knows the output of its read as result.
func (k *checker) until(path []string, value any) {
	text, isText := value.(string)
	if !isText {
		k.wrong(path, "argument %q of %s must be a text", "until", k.what)
		return
	}
	result := rules.Output{Name: Result}
	read, _ := k.script.Args["read"].(string)
	if t, err := k.Type(read, nil); err == nil {
		result = t.Output(Result)
	}
	k.rule(path, rules.CheckCondition(text, append(slices.Clone(k.earlier), result)...))
}

// Result is what the condition of wait_until calls the output of its read.
const Result = "result"
