package rules

import (
	"maps"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// The bounds of an expression. A condition of ordinary length costs a few hundred.
const (
	maxLength  = 4000    // characters
	maxNesting = 2       // comprehensions (all, exists, map, …) within each other
	maxCost    = 200_000 // CEL's unit: about one operation or ten characters of text
	maxMemory  = 8 << 20 // bytes, roughly
	maxCached  = 512     // compiled expressions
)

// compiled is an expression ready to run.
type compiled struct {
	ast     *cel.Ast
	program cel.Program
}

// cache keeps compiled expressions, since a condition is asked far more often than it is changed. It changes nothing
// but time, which is why it may be global. When full it starts anew.
var cache = struct {
	sync.Mutex
	byText map[string]compiled
}{byText: map[string]compiled{}}

// compile checks an expression over some of the known variables and the outputs of scripts.
func compile(expr string, known []string, scripts []Output) (compiled, *Error) {
	scripts = usable(scripts)
	key := strings.Join(known, ",") + "|" + keyOf(scripts) + "|" + expr
	cache.Lock()
	found, ok := cache.byText[key]
	cache.Unlock()
	if ok {
		return found, nil
	}
	fresh, err := compileAnew(expr, known, scripts)
	if err != nil {
		return compiled{}, err
	}
	cache.Lock()
	defer cache.Unlock()
	if len(cache.byText) >= maxCached {
		clear(cache.byText)
	}
	cache.byText[key] = fresh
	return fresh, nil
}

func compileAnew(expr string, known []string, scripts []Output) (compiled, *Error) {
	if len([]rune(expr)) > maxLength {
		return compiled{}, &Error{Column: 1, Reason: "is longer than 4000 characters"}
	}
	env, err := environment(known, scripts)
	if err != nil {
		return compiled{}, &Error{Column: 1, Reason: err.Error()}
	}
	ast, issues := env.Compile(expr)
	if issues.Err() != nil {
		return compiled{}, explain(expr, issues, known, scripts)
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost), cel.MemoryLimit(maxMemory))
	if err != nil {
		return compiled{}, &Error{Column: 1, Reason: err.Error()}
	}
	return compiled{ast: ast, program: program}, nil
}

// base is CEL with our types and functions, without variables.
var base = sync.OnceValues(func() (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	return cel.NewEnv(
		cel.CustomTypeProvider(records{Registry: registry, fields: fields()}),
		cel.CustomTypeAdapter(durations{registry}),
		cel.Macros(longDurations()),
		ext.Strings(ext.StringsVersion(5)),
		cel.ParserExpressionSizeLimit(maxLength),
		cel.ParserRecursionLimit(60),
		cel.RegexProgramSizeLimit(1000),
		cel.ASTValidators(
			cel.ValidateComprehensionNestingLimit(maxNesting),
			cel.ValidateRegexLiterals(),
			cel.ValidateTimestampLiterals(),
			cel.ValidateDurationLiterals(),
		),
	)
})

// environment declares the variables of one expression.
func environment(known []string, scripts []Output) (*cel.Env, error) {
	env, err := base()
	if err != nil {
		return nil, err
	}
	options, err := outputTypes(scripts)
	if err != nil {
		return nil, err
	}
	declared := variables()
	maps.Copy(declared, directoryVariables())
	for _, name := range known {
		options = append(options, cel.Variable(name, declared[name]))
	}
	for _, script := range scripts {
		options = append(options, cel.Variable(script.Name, script.celType()))
	}
	return env.Extend(options...)
}

// evaluate runs an expression over a scope, unless allow, if any, refuses it.
func evaluate(expr string, scope Scope, allow func(compiled) *Error) (ref.Val, *Error) {
	values := make(map[string]any, len(scope))
	var names []Output
	for name, value := range scope {
		values[Name(name)] = value
		names = append(names, Output{Name: name})
	}
	c, problem := compile(expr, variableNames(), names)
	if problem == nil && allow != nil {
		problem = allow(c)
	}
	if problem != nil {
		return nil, problem
	}
	value, _, err := c.program.Eval(values)
	if err != nil {
		return nil, explainRun(err)
	}
	return value, nil
}
