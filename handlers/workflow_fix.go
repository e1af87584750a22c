package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowFix is choosing a step's scripts by hand.
func (h *Handlers) registerWorkflowFix(router *bot.Router) {
	router.Action(views.ActionWorkflowFix, h.inWorkflow(h.openFix))
	router.Action(views.ActionWorkflowScript, h.inWorkflow(h.otherScript))
	router.Suggestion(views.ActionWorkflowType, h.suggestTypes)
	router.Action(views.ActionWorkflowType, h.inWorkflow(h.chooseType))
	router.Action(views.ActionWorkflowDrop, h.inWorkflow(h.dropScript))
	router.Submission(views.CallbackWorkflowFix, h.submitFix)
}

// typesOffered is how many script types are offered at once.
const typesOffered = 100

func (h *Handlers) openFix(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := p.state
	state.Step, _ = strconv.Atoi(p.Value)
	state.At, state.Type, state.Inner = 0, "", true
	return h.fixView(ctx, p.actor, state)
}

// otherScript turns the form to another script of the step, or to a further one.
func (h *Handlers) otherScript(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := p.state
	state.At, _ = strconv.Atoi(p.Selected)
	state.Type = ""
	return h.fixView(ctx, p.actor, state)
}

// chooseType draws the fields of the script type that was chosen. What was typed stays where fields have the same name.
func (h *Handlers) chooseType(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := p.state
	state.Type = p.Selected
	return h.fixView(ctx, p.actor, state)
}

// fixView is the form for one script of a step, filled with what it is now.
func (h *Handlers) fixView(ctx context.Context, actor string, state views.WorkflowState) (slack.ModalViewRequest, error) {
	sheet, err := h.flows.ReadWorkflow(ctx, actor, state.Chain, state.Entitlement)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	n := slices.IndexFunc(sheet.Steps, func(s flows.SheetStep) bool { return s.Number == state.Step })
	if n < 0 || sheet.Newest.Number != state.Number {
		return slack.ModalViewRequest{}, &flows.Error{Text: "This step is not as it was: somebody changed the workflow meanwhile."}
	}
	step := sheet.Steps[n]
	fix := views.WorkflowFix{State: state, Words: step.Words, Typed: map[string]string{}}
	for _, script := range step.Scripts {
		fix.Scripts = append(fix.Scripts, script.Name)
	}
	if state.At < len(step.Scripts) {
		script := step.Scripts[state.At]
		fix.Name, fix.When = script.Name, script.When
		if state.Type == "" {
			state.Type = script.Type
		}
		for name, value := range script.Args {
			fix.Typed[name] = flows.WrittenArgument(value)
		}
	}
	fix.State = state
	if state.Type != "" {
		t, err := h.flows.ScriptType(ctx, state.Type)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		shown := shownType(t)
		fix.Type = &shown
	}
	return views.WorkflowFixModal(fix), nil
}

func shownType(t scripts.Type) views.ScriptType {
	shown := views.ScriptType{Name: t.Name, Doc: t.Doc}
	for _, arg := range t.Args {
		shown.Args = append(shown.Args, views.ScriptArg{Name: arg.Name, Doc: arg.Doc, Bool: flows.TrueOrFalse(arg), Required: arg.Required})
	}
	return shown
}

func (h *Handlers) suggestTypes(ctx context.Context, suggestion bot.Suggestion) (bot.Choices, error) {
	actor, err := h.actor(ctx, suggestion.By)
	if err != nil {
		return bot.Choices{}, err
	}
	found, err := h.flows.ScriptTypes(ctx, actor, suggestion.Typed, typesOffered)
	var types []views.ScriptType
	for _, t := range found {
		types = append(types, shownType(t))
	}
	return bot.Choices{Options: views.ScriptTypeOptions(types)}, err
}

// dropScript takes the script that the form shows out of its step.
func (h *Handlers) dropScript(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	if _, err := h.flows.DropScript(ctx, p.edit(), p.state.Step, p.state.At); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.planView(ctx, p.actor, p.state, "")
}

// submitFix saves the script; what is wrong with it is said at its field.
func (h *Handlers) submitFix(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state, err := views.ReadWorkflowState(submission.View)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	_, err = h.flows.FixStep(ctx, fixOf(actor, state, submission.State))
	if refusal, ok := flows.Refusal(err); ok {
		return fieldError(err, fixBlock(state, refusal.Field))
	}
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	view, err := h.planView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}

// fixOf reads the form.
func fixOf(actor string, state views.WorkflowState, typed bot.State) flows.Fix {
	fix := flows.Fix{
		Edit: flows.Edit{By: actor, ChainID: state.Chain, Number: state.Number}, Step: state.Step, At: state.At,
		Type: typed.Value(state.FixBlock(views.ActionWorkflowType), views.ActionWorkflowType),
		Name: typed.Value(state.FixBlock(views.FieldWorkflowScriptName), views.FieldWorkflowScriptName),
		When: typed.Value(state.FixBlock(views.FieldWorkflowWhen), views.FieldWorkflowWhen),
		Args: map[string]string{},
	}
	prefix := state.ArgumentBlock("")
	for block := range typed {
		if name, is := strings.CutPrefix(block, prefix); is {
			fix.Args[name] = typed.Value(block, views.FieldWorkflowArgument)
		}
	}
	return fix
}

func fixBlock(state views.WorkflowState, field string) string {
	if name, is := strings.CutPrefix(field, flows.FieldArgument); is {
		return state.ArgumentBlock(name)
	}
	switch field {
	case flows.FieldScriptName:
		return state.FixBlock(views.FieldWorkflowScriptName)
	case flows.FieldWhen:
		return state.FixBlock(views.FieldWorkflowWhen)
	}
	return state.FixBlock(views.ActionWorkflowType)
}
