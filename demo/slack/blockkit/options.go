package blockkit

import "reflect"

// initialRule wants what is chosen at the start to be among the options, equal in every property.
func initialRule(element placed) []Problem {
	options := asList(element.object["options"])
	for _, group := range asList(element.object["option_groups"]) {
		options = append(options[:len(options):len(options)], asList(asObject(group)["options"])...)
	}
	if len(options) == 0 {
		return nil
	}
	if chosen, found := element.object["initial_option"]; found && !contains(options, chosen) {
		return []Problem{broken(element.at+"/initial_option", notProvided)}
	}
	chosen, found := element.object["initial_options"]
	if !found {
		return nil
	}
	wrong := len(asList(chosen)) == 0
	for _, one := range asList(chosen) {
		wrong = wrong || !contains(options, one)
	}
	if wrong {
		return []Problem{broken(element.at+"/initial_options", notProvided)}
	}
	return nil
}

const notProvided = "must be one of the provided options"

func contains(options []any, option any) bool {
	for _, one := range options {
		if reflect.DeepEqual(one, option) {
			return true
		}
	}
	return false
}
