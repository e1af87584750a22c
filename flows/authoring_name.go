package flows

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// rename gives a workflow another name.
func (c *change) rename(ctx context.Context, w *editing, name string) error {
	if w.chain.Title() == name {
		return nil
	}
	if err := freeName(ctx, c, w.chain, name); err != nil {
		return err
	}
	if err := c.mayRename(ctx, *w); err != nil {
		return err
	}
	was := w.chain.Title()
	w.chain.Name, w.chain.UpdatedAt = name, c.now
	if err := db.SaveActionChain(ctx, c, w.chain); err != nil {
		return err
	}
	if err := c.wroteInSlack(ctx, config.KindActionChain, w.chain.Slug, w.by); err != nil {
		return err
	}
	return c.recordChain(w.by, w.chain, "changed", map[string]any{"name": was}, map[string]any{"name": name})
}

// mayRename refuses another name for a workflow that is in use, where edits need a second pair of eyes: by its name
// people tell which one they link.
func (c *change) mayRename(ctx context.Context, w editing) error {
	_, guarded, err := fourEyesOn(ctx, c)
	if err != nil || !guarded || published(w.all) == nil {
		return err
	}
	return refuseField(FieldName, 0, "Keep the name %s: it is published, and edits need somebody else's approval here. Write a new workflow to have another name.", w.chain.Title())
}

func freeName(ctx context.Context, q bun.IDB, chain db.ActionChain, name string) error {
	other, err := db.ActionChainNamed(ctx, q, name)
	if errors.Is(err, db.ErrNotFound) || (err == nil && other.ID == chain.ID) {
		return nil
	}
	if err != nil {
		return err
	}
	return refuseField(FieldName, 0, "There is a workflow called %s already. Choose another name.", other.Title())
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// freeSlug makes a slug of a name that no chain has, active or not.
func freeSlug(ctx context.Context, q bun.IDB, name string) (string, error) {
	base := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if base == "" || base[0] < 'a' {
		base = strings.TrimRight("workflow-"+base, "-")
	}
	base = strings.TrimRight(base[:min(len(base), 50)], "-")
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		_, err := db.ActionChainBySlug(ctx, q, slug)
		if errors.Is(err, db.ErrNotFound) {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
	}
}
