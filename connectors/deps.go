package connectors

import "net/http"

// Deps is what a connector gets from outside.
type Deps struct {
	// HTTP answers a client, perhaps one that providers share, for addresses that the operator wrote. See
	// [NewHTTPClient].
	HTTP func() *http.Client
	// Outside answers a client for addresses that others can influence: it calls no internal address. See
	// [NewOutsideClient].
	Outside func() *http.Client
	// Secret looks up a secret by its reference. See [ResolveSecret].
	Secret func(ref string) (string, error)

	// Expand fills in the placeholders {{ … }} of all texts in a value. A text that is only one placeholder becomes what
	// the placeholder stands for. The scope holds subject, args, target and, where there is one, response.
	Expand func(value any, scope map[string]any) (any, error)
	// Holds answers a condition over the same scope.
	Holds func(expr string, scope map[string]any) (bool, error)
	// CheckTemplate says what is wrong with the placeholders of a value. Names are the names that they may use besides
	// subject.
	CheckTemplate func(value any, names ...string) error
	// CheckCondition says the same of a condition.
	CheckCondition func(expr string, names ...string) error
}

// complete fills in what every program has. Templates and conditions have no such default: without Expand or Holds a
// declared endpoint that uses them is refused.
func (d Deps) complete() Deps {
	if d.HTTP == nil {
		shared := NewHTTPClient()
		d.HTTP = func() *http.Client { return shared }
	}
	if d.Outside == nil {
		guarded := NewOutsideClient(nil)
		d.Outside = func() *http.Client { return guarded }
	}
	if d.Secret == nil {
		d.Secret = ResolveSecret
	}
	return d
}
