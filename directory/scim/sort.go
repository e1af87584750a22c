package scim

import (
	"cmp"
	"slices"
	"strings"
)

// Sort is an order of resources (RFC 7644 section 3.4.2.3). The zero Sort leaves them as they are.
type Sort struct {
	by         place
	descending bool
}

// ParseSort reads the parameters sortBy and sortOrder, which are empty if they were not given. The error is an
// invalidPath for what cannot be sorted by, and an invalidValue for an unknown order.
func ParseSort(t *Type, sortBy, sortOrder string) (Sort, error) {
	s := Sort{descending: strings.EqualFold(sortOrder, "descending")}
	if sortOrder != "" && !s.descending && !strings.EqualFold(sortOrder, "ascending") {
		return Sort{}, InvalidValue("sortOrder must be ascending or descending, not %s.", quoted(sortOrder))
	}
	if sortBy == "" {
		return Sort{}, nil
	}
	at, is := t.place(sortBy)
	if s.by = at.valued(); is != known || at.attr == nil || s.by.leaf().kind == kindComplex || s.by.leaf().returned == never {
		return Sort{}, InvalidPath("Resources cannot be sorted by %s.", quoted(sortBy))
	}
	return s, nil
}

// Compare orders two resources as cmp.Compare does. Of a multi-valued attribute the primary value counts, or else the
// first. What has no value comes last, or first if descending. Equal ones need a further order, or pages may overlap.
func (s Sort) Compare(a, b Resource) int {
	if s.by.attr == nil {
		return 0
	}
	order := s.compare(s.key(a), s.key(b))
	if s.descending {
		return -order
	}
	return order
}

func (s Sort) compare(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a == nil), rank(b == nil))
	}
	if s.by.leaf().kind == kindBoolean {
		one, _ := a.(bool)
		other, _ := b.(bool)
		return cmp.Compare(rank(one), rank(other))
	}
	if s.by.leaf().kind == kindOpen {
		return compareOpen(a, b)
	}
	one, _ := a.(string)
	other, _ := b.(string)
	if s.by.leaf().kind == kindTime {
		before, _ := parseTime(one)
		after, _ := parseTime(other)
		return before.Compare(after)
	}
	return cmp.Compare(s.by.leaf().folded(one), s.by.leaf().folded(other))
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// key is the value that counts.
func (s Sort) key(r Resource) any {
	value := s.by.box(r)[s.by.attr.name]
	list, many := value.([]any)
	if !many {
		return s.by.part(value)
	}
	if len(list) == 0 {
		return nil
	}
	return s.by.part(list[max(0, slices.IndexFunc(list, isPrimary))])
}
