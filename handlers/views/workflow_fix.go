package views

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// WorkflowFix is the form that puts a script in place of a step's words.
type WorkflowFix struct {
	State   WorkflowState
	Words   string
	Scripts []string // names of the step's scripts
	Type    *ScriptType
	Name    string
	When    string
	Typed   map[string]string // argument to what it holds
}

// ScriptType is a script type as a form offers it.
type ScriptType struct {
	Name, Doc string
	Args      []ScriptArg
}

// ScriptArg is an argument of a script type.
type ScriptArg struct {
	Name, Doc string
	Bool      bool
	Required  bool
}

// argsShown is how many arguments the form has room for.
const argsShown = 60

// WorkflowFixModal is the form that chooses a script by hand: its type, its arguments and its condition.
func WorkflowFixModal(fix WorkflowFix) slack.ModalViewRequest {
	modal := form(fmt.Sprintf("Fix step %d", fix.State.Step), "Save", CallbackWorkflowFix, fix.State.metadata())
	modal.Close = plain("Close", maxTitle)
	words := fmt.Sprintf("*%d.* *%s*", fix.State.Step, escape(fix.Words, 600))
	modal = with(modal, section(words, "Choose what this step does, in place of its words. The words stay as they are."))
	if len(fix.Scripts) > 0 {
		modal = with(modal, whichScript(fix)...)
	}
	kind := externalSelect(ActionWorkflowType, "Type what it does, or a provider")
	if fix.Type != nil {
		kind.InitialOption = typeOption(*fix.Type)
	}
	modal = with(modal, input(fix.State.FixBlock(ActionWorkflowType), "Script type", "", kind).WithDispatchAction(true))
	if fix.Type != nil {
		if !blank(fix.Type.Doc) {
			modal = with(modal, footnote(sentence(capital(escape(fix.Type.Doc, 500)))))
		}
		for _, arg := range fix.Type.Args[:min(len(fix.Type.Args), argsShown)] {
			modal = with(modal, argumentInput(fix, arg))
		}
	}
	when := typed(FieldWorkflowWhen, fix.When, "Always", 1000)
	name := typed(FieldWorkflowScriptName, fix.Name, "A short name", 60)
	return with(modal,
		input(fix.State.FixBlock(FieldWorkflowWhen), "Only if", "A condition in CEL, for example !find.exists or subject.department == 'Design'.", when).WithOptional(true),
		input(fix.State.FixBlock(FieldWorkflowScriptName), "Script name", "Later conditions know its output by this name.", name).WithOptional(true),
		actions(back()))
}

// whichScript chooses among the scripts of a step, or a further one.
func whichScript(fix WorkflowFix) []slack.Block {
	var offered []*slack.OptionBlockObject
	var initial *slack.OptionBlockObject
	for n, name := range append(append([]string{}, fix.Scripts[:min(len(fix.Scripts), maxOptions-1)]...), "A further script") {
		option := slack.NewOptionBlockObject(fmt.Sprint(n), plain(oneLine(name), maxOption), nil)
		if offered = append(offered, option); n == fix.State.At {
			initial = option
		}
	}
	which := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Which script?", maxPlaceholder), ActionWorkflowScript, offered...)
	which.InitialOption = initial
	block := slack.NewSectionBlock(plain("Script of this step", maxText), nil, slack.NewAccessory(which))
	block.BlockID = fix.State.FixBlock(ActionWorkflowScript)
	if len(fix.Scripts) < 2 || fix.State.At >= len(fix.Scripts) {
		return []slack.Block{block}
	}
	drop := danger(button(ActionWorkflowDrop, "", "Remove this script", ""))
	return []slack.Block{block, actions(drop)}
}

func argumentInput(fix WorkflowFix, arg ScriptArg) slack.Block {
	block, value := fix.State.ArgumentBlock(arg.Name), fix.Typed[arg.Name]
	if !arg.Bool {
		return input(block, oneLine(arg.Name), arg.Doc, typed(FieldWorkflowArgument, value, "", 1000)).WithOptional(!arg.Required)
	}
	var offered []*slack.OptionBlockObject
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("true or false", maxPlaceholder), FieldWorkflowArgument)
	for _, answer := range []string{"true", "false"} {
		option := slack.NewOptionBlockObject(answer, plain(answer, maxOption), nil)
		if offered = append(offered, option); value == answer {
			element.InitialOption = option
		}
	}
	element.Options = offered
	return input(block, oneLine(arg.Name), arg.Doc, element).WithOptional(!arg.Required)
}

// typed is a text field of one line.
func typed(action, value, placeholder string, limit int) *slack.PlainTextInputBlockElement {
	var hint *slack.TextBlockObject
	if placeholder != "" {
		hint = plain(placeholder, maxPlaceholder)
	}
	element := slack.NewPlainTextInputBlockElement(hint, action).WithMaxLength(limit)
	if !blank(value) {
		element.InitialValue = clip(visible(value), limit)
	}
	return element
}

// ScriptTypeOptions answers the field Script type.
func ScriptTypeOptions(types []ScriptType) []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 0, min(len(types), maxOptions))
	for _, t := range types {
		if len(options) < maxOptions && size(t.Name) <= maxValue {
			options = append(options, typeOption(t))
		}
	}
	return options
}

func typeOption(t ScriptType) *slack.OptionBlockObject {
	var below *slack.TextBlockObject
	if !blank(t.Doc) {
		below = plain(capital(oneLine(t.Doc)), maxOption)
	}
	return slack.NewOptionBlockObject(clip(t.Name, maxValue), plain(oneLine(t.Name), maxOption), below)
}

// capital begins a sentence.
func capital(text string) string {
	first, width := utf8.DecodeRuneInString(text)
	if width == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[width:]
}
