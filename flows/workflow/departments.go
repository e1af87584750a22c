package workflow

import (
	"slices"
	"strings"
)

// departments are what departments are usually called. Only such a word says by itself that somebody's department is
// meant, and not a place or a group.
var departments = func() set {
	all := set{}
	for _, name := range strings.Split("sales,marketing,finance,accounting,engineering,design,product,product management,research,research and development,r&d,development,"+
		"operations,ops,hr,human resources,people,people operations,it,legal,compliance,support,customer support,customer success,customer service,security,information security,"+
		"procurement,purchasing,logistics,production,manufacturing,quality,quality assurance,qa,communications,communication,public relations,pr,data,data science,analytics,"+
		"business development,administration,facilities,recruiting,talent,training,payroll,treasury,tax,audit,risk,consulting,professional services,infrastructure,devops,platform", ",") {
		all[name] = true
	}
	return all
}()

// departmentForm is a phrase about where somebody works.
type departmentForm struct {
	pattern
	not   bool
	works bool // it can be about nothing but a department, a place or an employer
}

var departmentForms = []departmentForm{
	{form("@ works|work|working in|for|at|within the? <v> team?"), false, true},
	{form("@ is working|employed in|for|at|within the? <v> team?"), false, true},
	{form("@ does|do not work in|for|at|within the? <v> team?"), true, true},
	{form("@ is not working|employed in|for|at|within the? <v> team?"), true, true},
	{form("@ belongs|belong to the? <v> team?"), false, false},
	{form("@ does|do not belong to the? <v> team?"), true, false},
	{form("@ is a? part|member of the? <v> team?"), false, false},
	{form("@ is not a? part|member of the? <v> team?"), true, false},
	{form("@ is in|on|from|of the? <v> team?"), false, false},
	{form("@ is not in|on|from|of the? <v> team?"), true, false},
	{form("<whose> team is <v>"), false, true},
	{form("<whose> team is not <v>"), true, true},
	{form("@ comes|come from the? <v> team?"), false, false},
}

// ofDepartment reads a condition about where somebody works. What the catalogue calls by the same name is meant rather,
// except where somebody works there.
func (c *compiler) ofDepartment(words []word) (*cond, *unclear) {
	for _, d := range departmentForms {
		f, ok := d.match(words)
		if !ok {
			continue
		}
		who, is := whoseOf(f)
		values, plainly := valuesOf(withoutTeam(f.words["v"]))
		if !is {
			continue
		}
		strange := slices.IndexFunc(values, func(value string) bool { return !departments[strings.ToLower(value)] })
		switch {
		case plainly && strange < 0 && (d.works || !slices.ContainsFunc(values, c.isCalled)):
			return &cond{expr: comparison(who+".department", values, d.not)}, nil
		case d.works && plainly:
			return nil, cannot("Whether %q is a department is not known: write for example: the user is in department %q.", values[strange], values[strange])
		case d.works:
			return nil, cannot("The condition %q was not understood: write for example: the user is in department \"Design\".", textOf(words))
		}
	}
	return nil, nil
}

// withoutTeam takes a noun from the end that a pattern may have left there.
func withoutTeam(words []word) []word {
	if n := len(words); n > 1 && words[n-1].is("team") {
		return words[:n-1]
	}
	return words
}

// isCalled says whether a system or an entitlement has this name.
func (c *compiler) isCalled(name string) bool {
	words, _ := readWords(name)
	slugs, _ := c.index.providersAt(words)
	return len(slugs) > 0 || len(c.index.matching(textsOf(name), "")) > 0
}
