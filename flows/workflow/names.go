package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/flows/scripts"
)

// alias is a way to name a provider.
type alias struct {
	words    []string
	provider string // slug
}

// index finds what words may name.
type index struct {
	known   Known
	aliases []alias // longest first
	entries []entry
}

// entry is an entitlement and the words of its name, its target and its slug.
type entry struct {
	Entitlement

	name, target []string
	essences     [][]string
}

func newIndex(known Known) index {
	x := index{known: known}
	if known.Scripts == nil {
		x.known.Scripts = scripts.NewCatalogue()
	}
	connectors := map[string]int{}
	for _, p := range x.providers() {
		connectors[p.Connector]++
	}
	for _, p := range x.providers() {
		for _, name := range []string{p.Name, p.Slug} {
			x.alias(name, p.Slug)
		}
		if connectors[p.Connector] == 1 && connectorNames[p.Connector] {
			x.alias(p.Connector, p.Slug)
			x.alias(connectorWords[p.Connector], p.Slug)
		}
	}
	slices.SortStableFunc(x.aliases, func(a, b alias) int { return len(b.words) - len(a.words) })
	for _, e := range known.Entitlements {
		of := entry{Entitlement: e, name: textsOf(e.Name), target: textsOf(e.Target)}
		for _, texts := range [][]string{of.name, textsOf(strings.ReplaceAll(e.Slug, "-", " ")), of.target} {
			of.essences = append(of.essences, x.essence(texts, e.Provider))
		}
		x.entries = append(x.entries, of)
	}
	return x
}

// connectorNames are connectors that people call by the product's name.
var connectorNames = setOf("gitlab postgres ldap slack github okta")

// connectorWords are the products' other names.
var connectorWords = map[string]string{"postgres": "PostgreSQL"}

func (x *index) alias(name, provider string) {
	words := textsOf(name)
	if len(words) == 0 {
		return
	}
	for _, other := range x.aliases {
		if slices.Equal(other.words, words) && other.provider == provider {
			return
		}
	}
	x.aliases = append(x.aliases, alias{words: words, provider: provider})
}

func (x *index) providers() []scripts.Provider { return x.known.Scripts.Providers() }

func (x *index) provider(slug string) (scripts.Provider, bool) {
	all := x.providers()
	n := slices.IndexFunc(all, func(p scripts.Provider) bool { return p.Slug == slug })
	if n < 0 {
		return scripts.Provider{}, false
	}
	return all[n], true
}

// nameOf is what people call a provider.
func (x *index) nameOf(slug string) string {
	if p, is := x.provider(slug); is && p.Name != "" {
		return p.Name
	}
	return slug
}

// providersAt are the providers that words name, beginning with the first one: those of the longest name.
func (x *index) providersAt(words []word) (slugs []string, length int) {
	for _, a := range x.aliases {
		if length > 0 && len(a.words) < length {
			break
		}
		if !begins(words, a.words) {
			continue
		}
		length = len(a.words)
		if !slices.Contains(slugs, a.provider) {
			slugs = append(slugs, a.provider)
		}
	}
	return slugs, length
}

func begins(words []word, texts []string) bool {
	if len(words) < len(texts) {
		return false
	}
	for n, text := range texts {
		if words[n].shape != plain || words[n].text != text || words[n].owns && n < len(texts)-1 {
			return false
		}
	}
	return true
}

// textsOf are the words of a name as the lexicon has them. What separates words in a name says nothing.
func textsOf(name string) []string {
	words, _ := readWords(strings.NewReplacer("_", " ", "/", " ", `"`, " ", "(", " ", ")", " ", "'", " ").Replace(plainText.Replace(name)))
	var texts []string
	for _, w := range words {
		if w.shape == plain {
			texts = append(texts, w.text)
		}
	}
	return texts
}

// essence is what tells a name from others: its words, singular, without the provider's and without nouns such as
// "group" and "access".
func (x *index) essence(texts []string, provider string) []string {
	var rest []string
	for n := 0; n < len(texts); {
		if length := x.aliasAt(texts[n:], provider); length > 0 {
			n += length
			continue
		}
		if text := texts[n]; !accessNouns[text] && kinds[text] == "" && !articles[text] {
			rest = append(rest, singular(text))
		}
		n++
	}
	slices.Sort(rest)
	return slices.Compact(rest)
}

func (x *index) aliasAt(texts []string, provider string) int {
	for _, a := range x.aliases {
		if a.provider == provider && len(a.words) <= len(texts) && slices.Equal(a.words, texts[:len(a.words)]) {
			return len(a.words)
		}
	}
	return 0
}

// singular takes the plural's s from a word.
func singular(text string) string {
	if len(text) > 3 && strings.HasSuffix(text, "s") && !strings.HasSuffix(text, "ss") {
		return text[:len(text)-1]
	}
	return text
}

// matching are the entitlements whose name, slug or target words may mean, at one provider or, where it is empty, at all.
func (x *index) matching(texts []string, provider string) []Entitlement {
	var all []Entitlement
	for _, e := range x.entries {
		if provider != "" && e.Provider != provider {
			continue
		}
		if len(texts) == 1 && (e.Slug != "" && texts[0] == strings.ToLower(e.Slug) || strings.Contains(texts[0], "/") && texts[0] == strings.ToLower(e.Target)) {
			all = append(all, e.Entitlement)
			continue
		}
		wanted := x.essence(texts, e.Provider)
		if len(wanted) == 0 {
			continue
		}
		if slices.ContainsFunc(e.essences, func(essence []string) bool { return slices.Equal(essence, wanted) }) {
			all = append(all, e.Entitlement)
		}
	}
	return all
}
