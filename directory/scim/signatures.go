package scim

type Type struct{ Name, Endpoint, URN string }

func Users() *Type  { return &Type{} }
func Groups() *Type { return &Type{} }

func Read(t *Type, body []byte) (Resource, error) { return nil, nil }

type Patch struct{}

func ParsePatch(t *Type, body []byte) (*Patch, error)     { return nil, nil }
func (p *Patch) Apply(r Resource) (Resource, bool, error) { return nil, false, nil }

type MemberVerb string

const (
	AddMembers     MemberVerb = "add"
	RemoveMembers  MemberVerb = "remove"
	ReplaceMembers MemberVerb = "replace"
	ClearMembers   MemberVerb = "clear"
)

type MemberOp struct {
	Op     MemberVerb
	Values []string
}

func (p *Patch) Members() []MemberOp { return nil }

type Filter struct{}
type Equality struct {
	Attribute string
	Value     any
	CaseExact bool
}

func ParseFilter(t *Type, text string) (*Filter, error) { return nil, nil }
func (f *Filter) Match(r Resource) bool                 { return false }
func (f *Filter) Equalities() []Equality                { return nil }
func (f *Filter) Exact() bool                           { return false }

type Selection struct{}

func ParseSelection(t *Type, attributes, excluded string) (Selection, error) {
	return Selection{}, nil
}
func (s Selection) Of(t *Type, r Resource) Resource { return nil }
func (s Selection) Wants(attribute string) bool     { return true }

type Sort struct{}

func ParseSort(t *Type, sortBy, sortOrder string) (Sort, error) { return Sort{}, nil }
func (s Sort) Compare(a, b Resource) int                        { return 0 }

func ServiceProviderConfig(base string) Resource { return nil }
func ResourceTypes(base string) []Resource       { return nil }
func Schemas(base string) []Resource             { return nil }

func Changed(t *Type, before, after Resource) (old, now map[string]any) { return nil, nil }
