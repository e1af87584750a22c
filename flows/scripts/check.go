package scripts

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// LongestTimeout is how long one attempt at a script may take at most.
const LongestTimeout = 10 * time.Minute

// maxName is how long a script's name may be.
const maxName = 60

// Problem is what is wrong with one script of a chain. Path leads to the place: a key of the script, below args the
// argument, below it places of lists and keys.
type Problem struct {
	Index  int
	Script string
	Path   []string
	Key    bool   // it is the key at the end of Path that is wrong, not its value
	Reason string // a sentence without its full stop

	Rule *rules.Error // what is wrong with an expression, where it is one
}

// String names the script, the argument and the reason.
func (p Problem) String() string {
	name := p.Script
	if name == "" {
		name = fmt.Sprint(p.Index + 1)
	}
	where := "script " + name
	if len(p.Path) > 1 && p.Path[0] == "args" {
		where += fmt.Sprintf(", argument %q", p.Path[1])
	} else if len(p.Path) > 0 {
		where += ", " + p.Path[0]
	}
	return where + ": " + p.Reason
}

// Check says everything that is wrong with the scripts of a chain. What names the chain in reasons.
func (c *Catalogue) Check(what string, chain []db.Script) []Problem {
	k := checker{Catalogue: c}
	for n, script := range chain {
		k.what, k.index, k.script = fmt.Sprintf("script %d of %s", n+1, what), n, script
		k.one()
	}
	return k.problems
}

// checker checks one chain script by script.
type checker struct {
	*Catalogue

	what     string
	index    int
	script   db.Script
	earlier  []rules.Output
	problems []Problem
}

func (k *checker) wrong(path []string, format string, args ...any) {
	k.problems = append(k.problems, Problem{Index: k.index, Script: k.script.Name, Path: path, Reason: fmt.Sprintf(format, args...)})
}

func (k *checker) wrongKey(path []string, format string, args ...any) {
	k.wrong(path, format, args...)
	k.problems[len(k.problems)-1].Key = true
}

func (k *checker) one() {
	s := k.script
	named := k.name()
	if time.Duration(s.Timeout) > LongestTimeout {
		k.wrong([]string{"timeout"}, "%s may take %s at most in one attempt; write retry for what takes longer", k.what, db.Duration(LongestTimeout))
	}
	k.rule([]string{"when"}, rules.CheckCondition(s.When, k.earlier...))
	if s.OnFailure == ManualTask && (s.Type == SlackApproval || s.Type == EmailApproval) {
		k.wrong([]string{"on_failure"}, "%s is a question, and a question can't become work by hand: write stop or continue", k.what)
	}
	if s.Type == "" {
		k.wrong([]string{"type"}, "%s has no type: supported are %s", k.what, Supported())
		return
	}
	t, err := k.Type(s.Type, s.Args)
	if err != nil && !errors.Is(err, errNoConnector) {
		path := []string{"type"}
		if strings.HasPrefix(err.Error(), "argument ") {
			path = []string{"args", "provider"}
		}
		k.wrong(path, "%s", err)
	}
	if err == nil {
		k.arguments(t)
	}
	k.templates([]string{"args"}, s.Args)
	if named {
		k.earlier = append(k.earlier, t.known(s.Name, err == nil))
	}
}

// known is what later scripts may know of this one; of a type that does not exist, anything.
func (t Type) known(name string, exists bool) rules.Output {
	if !exists {
		return rules.Output{Name: name}
	}
	return t.Output(name)
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// name checks the script's name and says whether later scripts may use it.
func (k *checker) name() bool {
	name, path := k.script.Name, []string{"name"}
	switch {
	case name == "":
		k.wrong(path, "%s has no name: write a short name by which later scripts can use its output", k.what)
		return false
	case !nameForm.MatchString(name) || len(name) > maxName:
		k.wrong(path, "%q cannot be a script's name: a letter comes first, then lower-case letters, digits, _ and -, at most %d in all", name, maxName)
		return false
	case rules.Reserved(rules.Name(name)):
		k.wrong(path, "a script cannot be called %q: conditions mean something else by it", name)
		return false
	}
	if slices.ContainsFunc(k.earlier, func(o rules.Output) bool { return rules.Name(o.Name) == rules.Name(name) }) {
		k.wrong(path, "two scripts of the chain are called %q", name)
		return false
	}
	return true
}

// arguments compares what is written with what the script type takes.
func (k *checker) arguments(t Type) {
	var names []string
	for _, arg := range t.Args {
		names = append(names, arg.Name)
		value, given := k.script.Args[arg.Name]
		values := map[string]any{}
		if given {
			values[arg.Name] = value
		}
		if err := connectors.CheckArgs([]connectors.Field{arg.Field}, values); err != nil {
			k.wrong([]string{"args", arg.Name}, "%s: %s", k.what, err)
		} else if given {
			k.format(arg, value)
		}
	}
	given := make([]string, 0, len(k.script.Args))
	for name := range k.script.Args {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		if !slices.Contains(names, name) {
			k.wrongKey([]string{"args", name}, "%s has no argument %q; known are %s%s", k.what, name, orNone(names), rules.DidYouMean(name, names))
		}
	}
}

// templates checks the placeholders of each text by itself, so that a mistake has its place.
func (k *checker) templates(path []string, value any) {
	switch v := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if strings.Contains(key, "{{") {
				k.wrongKey(append(slices.Clone(path), key), "a key may not hold placeholders, only a value")
			}
			k.templates(append(slices.Clone(path), key), v[key])
		}
	case []any:
		for n, item := range v {
			k.templates(append(slices.Clone(path), fmt.Sprint(n)), item)
		}
	case string:
		k.rule(path, rules.CheckTemplate(v, k.earlier...))
	}
}

// rule reports what is wrong with an expression.
func (k *checker) rule(path []string, err error) {
	if err == nil {
		return
	}
	k.wrong(path, "%s", err)
	problem := &rules.Error{}
	if errors.As(err, &problem) {
		k.problems[len(k.problems)-1].Rule = problem
	}
}
