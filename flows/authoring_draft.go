package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usherhq/usher/flows/workflow"
)

// Drafter proposes the words of a workflow. Instructions are ours; material is what a person wrote, and never becomes a
// part of them. What comes back goes into a text field and is read by a person, and then by the same compiler as
// anybody's words.
type Drafter interface {
	Draft(ctx context.Context, instructions, material string) (string, error)
}

// draftLimit is how long a draft may take: somebody waits before a window of Slack.
const draftLimit = 20 * time.Second

// DraftWith sets what proposes workflows. Without it nothing does. Call it before Run.
func (f *Flows) DraftWith(drafter Drafter) { f.drafter = drafter }

// CanDraft says whether something proposes workflows.
func (f *Flows) CanDraft() bool { return f.drafter != nil }

// errNoDraft says that nothing proposes workflows here.
var errNoDraft = errors.New("no drafter is configured")

// DraftWorkflow lets the drafter rewrite what a person wrote as the steps of a workflow.
func (f *Flows) DraftWorkflow(ctx context.Context, personID, kind, entitlementID, material string) (string, error) {
	if f.drafter == nil {
		return "", errNoDraft
	}
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return "", err
	}
	e, err := f.ownEntitlement(ctx, f.store, p, entitlementID)
	if err != nil {
		return "", err
	}
	material = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(material), workflow.Line(kind)))
	if strings.Trim(material, "0123456789. \n") == "" {
		return "", refuseField(FieldWords, 0, "Write in a few words what the workflow should do, then let it be drafted.")
	}
	known, err := f.known(ctx, f.store, e)
	if err != nil {
		return "", err
	}
	known.Entitlements = nearest(known.Entitlements, e.Provider.Slug)
	asking, cancel := context.WithTimeout(ctx, draftLimit)
	defer cancel()
	text, err := f.drafter.Draft(asking, workflow.Brief(kind, known), workflow.Material(material))
	if err != nil {
		f.log.WarnContext(ctx, "the model gave no draft", "error", err)
		return "", refuse("The model gave no draft. Write the steps yourself, or try again.")
	}
	text = workflow.DraftText(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	if !strings.HasPrefix(text, workflow.Line(kind)) {
		text = workflow.Line(kind) + "\n" + text
	}
	if utf8.RuneCountInString(text) > maxWorkflowWords {
		return "", refuse("The draft is longer than this form takes. Ask for less at once.")
	}
	return text, nil
}

// entitlementsTold is how many entitlements a drafter is told of: those of the same provider first.
const entitlementsTold = 200

func nearest(all []workflow.Entitlement, provider string) []workflow.Entitlement {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b workflow.Entitlement) int {
		switch {
		case a.Provider == b.Provider:
			return 0
		case a.Provider == provider:
			return -1
		case b.Provider == provider:
			return 1
		}
		return 0
	})
	return all[:min(len(all), entitlementsTold)]
}
