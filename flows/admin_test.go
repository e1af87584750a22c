package flows_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// shown is an object as a person sees it.
func (b *bundle) shown(t testing.TB, name, kind, slug string) flows.AdminObject {
	t.Helper()
	object, err := b.AdminShow(b.ctx, b.people[name], kind, slug)
	require.NoError(t, err)
	return object
}

// edited is an edit of an object as a person sees it: some keys with other values.
func (b *bundle) edited(t testing.TB, name, kind, slug string, other map[string]any) flows.AdminEdit {
	t.Helper()
	object := b.shown(t, name, kind, slug)
	values := maps.Clone(object.Values)
	maps.Copy(values, other)
	return flows.AdminEdit{
		Kind: kind, Slug: slug, Revision: object.Revision, Values: throughForm(t, values), Submission: db.NewID("sub"), Reason: "It is time",
	}
}

// throughForm is what becomes of values that a form carries as JSON.
func throughForm(t testing.TB, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

func (b *bundle) saves(t testing.TB, name string, edit flows.AdminEdit) flows.AdminResult {
	t.Helper()
	result, err := b.AdminSave(b.ctx, b.people[name], edit)
	require.NoError(t, err)
	return result
}

func (b *bundle) saveRefused(t testing.TB, name string, edit flows.AdminEdit, field, text string) {
	t.Helper()
	_, err := b.AdminSave(b.ctx, b.people[name], edit)
	refusal, ok := flows.Refusal(err)
	require.True(t, ok, "%v", err)
	require.Contains(t, refusal.Text, text)
	require.Equal(t, field, refusal.Field)
}

// lastConfigChange is the newest event about the configuration.
func (b *bundle) lastConfigChange(t testing.TB) (db.AuditEvent, db.Details) {
	t.Helper()
	events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, 10000)
	require.NoError(t, err)
	for n := len(events) - 1; n >= 0; n-- {
		if events[n].Action == "config.changed" {
			facts, err := events[n].Facts()
			require.NoError(t, err)
			return events[n], facts
		}
	}
	t.Fatal("nothing was changed")
	return db.AuditEvent{}, db.Details{}
}

func TestAdminEditsAnEntitlement(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		object := b.shown(t, "ada", config.KindEntitlement, "editors")
		require.True(t, object.MayEdit)
		require.True(t, object.MayDisable)
		require.Nil(t, object.Keys)
		require.Equal(t, "Drive editors", object.Title)
		require.Equal(t, int64(1), object.Revision, "the file wrote it")
		require.Equal(t, db.FromFile, object.Origin)

		edit := b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{
			"risk": "high", "durations": map[string]any{"default": "1h", "max": "2h", "choices": []any{"1h", "2h"}},
		})
		before, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
		require.NoError(t, err)
		diff, err := b.AdminPreview(b.ctx, b.people["ada"], edit)
		require.NoError(t, err)
		same, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
		require.NoError(t, err)
		require.Equal(t, before, same, "a preview changes nothing")
		result := b.saves(t, "ada", edit)
		require.True(t, result.Applied)
		require.Equal(t, diff, result.Changed)
		require.Equal(t, []config.FieldChange{
			{Key: "risk", Old: "medium", New: "high"},
			{Key: "durations", Old: "{default: 8h, max: 30d, choices: [1m, 1h, 8h, 30d]}", New: "{default: 1h, max: 2h, choices: [1h, 2h]}"},
		}, result.Changed)

		after, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
		require.NoError(t, err)
		require.Equal(t, "high", after.Risk)
		require.Equal(t, before.Approval, after.Approval)
		require.Equal(t, before.ID, after.ID)
		event, facts := b.lastConfigChange(t)
		require.Equal(t, "ada@example.com", event.Actor)
		require.Equal(t, "person", event.ActorKind)
		require.Equal(t, "editors", event.Entitlement)
		require.Equal(t, "medium", facts.Before.(map[string]any)["risk"])
		require.Equal(t, "high", facts.After.(map[string]any)["risk"])
		object = b.shown(t, "ada", config.KindEntitlement, "editors")
		require.Equal(t, int64(2), object.Revision)
		require.Equal(t, db.FromSlack, object.Origin)
		require.Equal(t, "ada@example.com", object.WrittenBy)

		events := b.rows(t, "audit_events")
		require.Equal(t, flows.AdminResult{Applied: true}, b.saves(t, "ada", edit), "the same once more changes nothing")
		require.Equal(t, events, b.rows(t, "audit_events"))
	})
}

func TestAdminMistakesNameTheirKey(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		steps := func(all ...any) map[string]any { return map[string]any{"steps": all} }
		manager := map[string]any{"name": "Manager", "approvers": []any{"manager"}}
		for _, c := range []struct {
			kind, slug string
			other      map[string]any
			field      string
			text       string
		}{
			{config.KindEntitlement, "editors", map[string]any{"risk": "huge"}, "risk", "must be one of low, medium, high"},
			{config.KindEntitlement, "editors", map[string]any{"durations": map[string]any{"default": "8h", "max": "x"}}, "durations.max", "is not a duration"},
			{config.KindEntitlement, "editors", map[string]any{"requestable_by": "nobody.name"}, "requestable_by", "nobody"},
			{config.KindEntitlement, "editors", map[string]any{"approval": []any{map[string]any{"chain": "managr"}}}, "approval.1.chain", `There is no approval chain "managr" (did you mean "manager"?)`},
			{config.KindEntitlement, "editors", map[string]any{"provider": ""}, "provider", "has no provider"},
			{config.KindEntitlement, "editors", map[string]any{"provision": "editors-out"}, "provision", "of kind deprovision"},
			{config.KindEntitlement, "editors", map[string]any{"slug": "writers"}, "slug", "can't be changed"},
			{config.KindApprovalChain, "two", steps(manager, map[string]any{"name": "Two", "approvers": []any{"everybody"}}), "steps.2.approvers", "cannot be an approver"},
			{config.KindApprovalChain, "two", steps(manager, map[string]any{"name": "Two", "approvers": []any{"owner"}, "need": 1.5}), "steps.2.need", "whole number"},
			{config.KindApprovalChain, "two", steps(manager, manager), "steps.2", "are called"},
			{config.KindProvider, "drive", map[string]any{"connector": "none"}, "connector", "there is no connector"},
			{config.KindProvider, "drive", map[string]any{"settings": map[string]any{"base_url": "https://example.com", "token": "env:SLACK_BOT_TOKEN"}}, "settings.token", "provider's own"},
			{config.KindProvider, "drive", map[string]any{"settings": map[string]any{"base_url": "https://example.com", "token": "file:/etc/passwd"}}, "settings.token", "provider's own"},
			{config.KindPerson, "ana@example.com", map[string]any{"manager": "ben"}, "manager", "e-mail address"},
			{config.KindPerson, "ana@example.com", map[string]any{"name": "Anna"}, "name", "can't be changed"},
			{config.KindSettings, "settings", map[string]any{"channel": "access"}, "channel", "must be a channel"},
		} {
			edit := b.edited(t, "ada", c.kind, c.slug, c.other)
			_, err := b.AdminSave(b.ctx, b.people["ada"], edit)
			refusal, ok := flows.Refusal(err)
			require.True(t, ok, "%v: %v", c.other, err)
			require.Equal(t, c.field, refusal.Field, refusal.Text)
			require.Contains(t, strings.ToLower(refusal.Text), strings.ToLower(strings.TrimPrefix(c.text, "There is ")))
			require.NotContains(t, refusal.Text, "in this file")
		}
		require.Equal(t, int64(1), b.shown(t, "ada", config.KindApprovalChain, "two").Revision, "nothing was written")
	})
}

func TestAdminEditsAChain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		edit := b.edited(t, "ada", config.KindApprovalChain, "manager", map[string]any{"steps": []any{
			map[string]any{"name": "Manager", "approvers": []any{"manager"}, "need": 1, "timeout": "", "on_timeout": map[string]any{}},
			map[string]any{"name": "Owners", "approvers": []any{"owner", "eve@example.com"}, "need": "all", "comment": true},
		}})
		b.saves(t, "ada", edit)
		chain, err := db.ApprovalChainBySlug(b.ctx, b.store, "manager")
		require.NoError(t, err)
		require.Equal(t, 2, chain.Version)
		require.Len(t, chain.Steps, 2)
		require.True(t, chain.Steps[1].All)
		require.Zero(t, chain.Steps[0].Timeout)

		made := flows.AdminEdit{Kind: config.KindApprovalChain, Values: map[string]any{"slug": "fresh", "name": "Fresh", "steps": []any{}}}
		result := b.saves(t, "ada", made)
		require.Equal(t, []config.FieldChange{{Key: "name", New: "Fresh"}, {Key: "slug", New: "fresh"}}, result.Changed)
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindApprovalChain, Values: map[string]any{"slug": "fresh", "steps": []any{map[string]any{"approvers": []any{"owner"}}}}}, "slug", "There is Fresh already")
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindApprovalChain, Values: map[string]any{"name": "No slug", "steps": []any{}}}, "slug", "has no slug")

		off := flows.AdminEdit{Kind: config.KindApprovalChain, Slug: "fresh", Revision: 1}
		require.Equal(t, []config.FieldChange{{Key: "active", Old: "true", New: "false"}}, b.saves(t, "ada", off).Changed)
		require.False(t, b.shown(t, "ada", config.KindApprovalChain, "fresh").Active)
		b.saves(t, "ada", b.edited(t, "ada", config.KindApprovalChain, "fresh", nil))
		require.True(t, b.shown(t, "ada", config.KindApprovalChain, "fresh").Active, "saving it makes it active again")
		for kind, slug := range map[string]string{config.KindApprovalChain: "manager", config.KindProvider: "drive", config.KindActionChain: "editors-in"} {
			off := flows.AdminEdit{Kind: kind, Slug: slug, Revision: b.shown(t, "ada", kind, slug).Revision}
			b.saveRefused(t, "ada", off, "", "uses it")
		}
	})
}

func TestAdminPowers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nauditors: [eve@example.com]")
		open := b.edited(t, "dana", config.KindEntitlement, "open", map[string]any{"description": "For all"})
		require.True(t, b.saves(t, "dana", open).Applied, "the owner edits what is his")
		event, facts := b.lastConfigChange(t)
		require.Equal(t, "dana@example.com", event.Actor)
		require.Equal(t, []string{"ada@example.com"}, facts.Tell, "the admins are told of what nobody else looked at")
		b.saveRefused(t, "dana", b.edited(t, "dana", config.KindEntitlement, "open", map[string]any{"risk": "medium"}), "risk", "can't be changed by you")
		b.saveRefused(t, "dana", b.edited(t, "dana", config.KindEntitlement, "open", map[string]any{"owner": "eve@example.com"}), "owner", "can't be changed by you")
		b.saveRefused(t, "dana", flows.AdminEdit{Kind: config.KindEntitlement, Slug: "open", Revision: 2}, "", "can't be switched off by you")
		chain := b.shown(t, "dana", config.KindApprovalChain, "two")
		require.False(t, chain.MayEdit)
		b.saveRefused(t, "dana", flows.AdminEdit{Kind: config.KindApprovalChain, Slug: "two", Revision: 1, Values: map[string]any{"steps": []any{}}}, "", "Only admins change approval chains")
		b.saveRefused(t, "dana", flows.AdminEdit{Kind: config.KindEntitlement, Values: map[string]any{"slug": "mine"}}, "", "Only admins add")
		b.saveRefused(t, "dana", flows.AdminEdit{Kind: config.KindSettings}, "", "Only admins and auditors")

		edit := b.edited(t, "ada", config.KindEntitlement, "open", map[string]any{"description": "Mine"})
		require.False(t, b.shown(t, "eve", config.KindEntitlement, "open").MayEdit)
		b.saveRefused(t, "eve", edit, "", "Auditors see everything and change nothing")
		for _, name := range []string{"ana", "ben", "greta"} {
			_, err := b.AdminList(b.ctx, b.people[name], config.KindEntitlement, "", 0)
			require.Error(t, err)
			_, err = b.AdminShow(b.ctx, b.people[name], config.KindEntitlement, "open")
			require.Error(t, err)
			_, err = b.AdminPreview(b.ctx, b.people[name], edit)
			require.Error(t, err)
		}
		b.saveRefused(t, "ana", edit, "", "you are none of them")
		b.saveRefused(t, "greta", edit, "", "Guests")
		events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, 10000)
		require.NoError(t, err)
		last := events[len(events)-1]
		require.Equal(t, "click.refused", last.Action)
		require.Contains(t, last.Details, "entitlement open", "who tries without the power is in the log")
		require.Equal(t, int64(2), b.shown(t, "ada", config.KindEntitlement, "open").Revision)
	})
}

func TestOwnerLinksOnlyWhatIsHis(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, "name: Open drive, description: For everybody, owner: dana@example.com", "name: Open drive, description: For everybody, owner: eve@example.com")
		b.chain(t, "too-much", "provision", `{name: join, type: drive_api_add_user_to_group, args: {group: Admins}}`)
		edit := b.edited(t, "eve", config.KindEntitlement, "open", map[string]any{"provision": "too-much"})
		b.saveRefused(t, "eve", edit, "provision", "belongs to access that you don't own")
		b.saves(t, "ada", b.edited(t, "ada", config.KindEntitlement, "open", map[string]any{"provision": "too-much"}))
		require.Equal(t, "too-much", b.shown(t, "eve", config.KindEntitlement, "open").Values["provision"])
	})
}

func TestAdminsStay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Equal(t, []string{"ada@example.com"}, b.shown(t, "ada", config.KindSettings, config.KindSettings).Environment)
		b.saves(t, "ada", b.edited(t, "ada", config.KindSettings, config.KindSettings, map[string]any{"admins": []any{"eve@example.com", "gone@example.com"}, "pending": "2d"}))
		settings, err := db.ReadSettings(b.ctx, b.store)
		require.NoError(t, err)
		require.Equal(t, "#access", settings.Channel)
		require.Equal(t, "2d", settings.Pending.String())
		require.True(t, b.shown(t, "eve", config.KindSettings, config.KindSettings).MayEdit)
		// Without the environment's, the last admin who can act stays.
		b.options.Admins = nil
		b.Flows = b.second(t)
		b.saveRefused(t, "eve", b.edited(t, "eve", config.KindSettings, config.KindSettings, map[string]any{"admins": []any{"gone@example.com"}}), "admins", "at least one admin")
		b.saveRefused(t, "eve", b.edited(t, "eve", config.KindSettings, config.KindSettings, map[string]any{"admins": []any{}}), "admins", "at least one admin")
		b.saves(t, "eve", b.edited(t, "eve", config.KindSettings, config.KindSettings, map[string]any{"admins": []any{"dana@example.com"}, "channel": ""}))
		settings, err = db.ReadSettings(b.ctx, b.store)
		require.NoError(t, err)
		require.Empty(t, settings.Channel, "what is emptied is empty")
		b.saveRefused(t, "eve", flows.AdminEdit{Kind: config.KindSettings, Values: map[string]any{}}, "", "you are none of them")
	})
}

func TestAdminEditsAPerson(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.saves(t, "ada", b.edited(t, "ada", config.KindPerson, "ana@example.com", map[string]any{"manager": "carl@example.com", "department": "", "groups": []any{"security"}}))
		ana, err := db.PersonByEmail(b.ctx, b.store, "ana@example.com")
		require.NoError(t, err)
		require.Equal(t, "carl@example.com", ana.ManagerEmail)
		require.Empty(t, ana.Department)
		require.Equal(t, "U001", ana.SlackID)
		require.Equal(t, []any{"security"}, b.shown(t, "ada", config.KindPerson, "ana@example.com").Values["groups"])
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindPerson, Slug: "ana@example.com", Revision: 2}, "", "can't be switched off")
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindPerson, Values: map[string]any{"email": " New@Example.com", "name": "New"}})
		fresh, err := db.PersonByEmail(b.ctx, b.store, "new@example.com")
		require.NoError(t, err)
		require.Equal(t, "New", fresh.Name)
	})
}

func TestAdminListSearchesAndPages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		list := func(name, kind, text string, page int) flows.AdminPage {
			found, err := b.AdminList(b.ctx, b.people[name], kind, text, page)
			require.NoError(t, err)
			return found
		}
		all := list("ada", config.KindEntitlement, "", 0)
		require.Equal(t, 6, all.Total)
		require.Equal(t, flows.AdminRow{Slug: "admins", Title: "Drive admins", Note: "Acme Drive · high risk · dana@example.com", Active: true}, all.Rows[0])
		require.Equal(t, 1, list("ada", config.KindEntitlement, "DRIVE editors", 0).Total)
		require.Zero(t, list("ada", config.KindEntitlement, "100%", 0).Total)
		require.Equal(t, 6, list("dana", config.KindEntitlement, "", 0).Total, "her provider's are hers")
		people := list("ada", config.KindPerson, "", 7)
		require.Equal(t, 1, people.Pages)
		require.Zero(t, people.Page, "a page behind the last is the last")
		require.Equal(t, 7, people.Total, "bots are nobody")
		require.Len(t, list("ada", config.KindProvider, "", 0).Rows, 1, "what Usher keeps for itself is not listed")
		require.Equal(t, 3, list("ada", config.KindActionChain, "", 0).Total)
		require.Equal(t, "2 steps", list("ada", config.KindApprovalChain, "two", 0).Rows[0].Note)
		for n := range 12 {
			b.hire(t, "owner"+string(rune('a'+n)))
		}
		require.Equal(t, 2, list("ada", config.KindPerson, "", 0).Pages)
		require.Len(t, list("ada", config.KindPerson, "", 1).Rows, 9)
		_, err := b.AdminList(b.ctx, b.people["dana"], config.KindPerson, "", 0)
		require.Error(t, err)
		_, err = b.AdminShow(b.ctx, b.people["ada"], config.KindEntitlement, db.Configuration)
		require.Error(t, err)
	})
}
