package flows

import (
	"context"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// AdminList reads one page of the objects of a kind that hold each word of text, for somebody who may see them.
func (f *Flows) AdminList(ctx context.Context, personID, kind, text string, page int) (AdminPage, error) {
	return AdminPage{}, refuse("Not yet.")
}

// AdminShow reads one object for somebody who may see it.
func (f *Flows) AdminShow(ctx context.Context, personID, kind, slug string) (AdminObject, error) {
	return AdminObject{}, refuse("Not yet.")
}

// AdminSave writes one object as a person wants it to be.
func (f *Flows) AdminSave(ctx context.Context, personID string, edit AdminEdit) (AdminResult, error) {
	return AdminResult{}, refuse("Not yet.")
}

// AdminPreview says what an edit would change, and changes nothing.
func (f *Flows) AdminPreview(ctx context.Context, personID string, edit AdminEdit) ([]config.FieldChange, error) {
	return nil, refuse("Not yet.")
}

// Replay says what the requests of the last 90 days would have met.
func (f *Flows) Replay(ctx context.Context, personID, chainSlug string, steps []db.Step) (ReplayResult, error) {
	return ReplayResult{}, refuse("Not yet.")
}

// SystemHealth says what an admin has to look at.
func (f *Flows) SystemHealth(ctx context.Context, personID string) (Health, error) {
	return Health{}, refuse("Not yet.")
}
