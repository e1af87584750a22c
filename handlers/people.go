package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// personFresh is how long what Slack said about a person is believed without asking again, and askSlackFor how long
// the answer is waited for: what is stored serves when Slack is slow.
const (
	personFresh = 10 * time.Minute
	askSlackFor = time.Second
)

// people keeps the rows of people in step with Slack.
type people struct {
	flows *flows.Flows
	store *db.Store
	slack Slack
	team  string
}

// person reads who acted. Identity comes from the payload's user and team ids only.
func (p *people) person(ctx context.Context, by bot.Person) (db.Person, error) {
	row, err := db.PersonBySlackID(ctx, p.store, by.UserID)
	known := err == nil
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return row, err
	}
	if !known || p.flows.Now().Sub(row.SyncedAt) > personFresh {
		askCtx, cancel := context.WithTimeout(ctx, askSlackFor)
		defer cancel()
		fresh, err := p.ask(askCtx, by.UserID)
		if err != nil && !known {
			return row, fmt.Errorf("look up who acted: %w", err)
		}
		if err == nil {
			row = fresh
		}
	}
	if by.TeamID != "" && p.team != "" && by.TeamID != p.team {
		row.Kind = db.Stranger
	}
	return row, nil
}

// actor is the id of who acted, for the flows, which decide what the person may do.
func (h *Handlers) actor(ctx context.Context, by bot.Person) (string, error) {
	row, err := h.people.person(ctx, by)
	if err != nil {
		return "", err
	}
	if row.Kind == db.Stranger {
		return "", &flows.Error{Text: "You belong to another workspace, so you can't ask for access or decide here."}
	}
	return row.ID, nil
}

// ask looks a person up at Slack and stores what it says.
func (p *people) ask(ctx context.Context, userID string) (db.Person, error) {
	user, err := p.slack.User(ctx, userID)
	if err != nil {
		return db.Person{}, err
	}
	return p.save(ctx, user)
}

func (p *people) save(ctx context.Context, user bot.User) (db.Person, error) {
	told := flows.SlackPerson{
		UserID: user.ID, TeamID: user.TeamID, Email: user.Email, Name: user.Name, Title: user.Title, TimeZone: user.TZ,
		Kind: db.Member, Active: !user.Deleted,
	}
	switch {
	case user.IsStranger || (p.team != "" && user.TeamID != "" && user.TeamID != p.team):
		told.Kind = db.Stranger
	case user.IsBot:
		told.Kind = db.Robot
	case user.IsGuest:
		told.Kind = db.Guest
	}
	return p.flows.SaveSlackPerson(ctx, told)
}

// Sync reads all people and user groups from Slack. A workspace whose plan has no user groups has none.
func (h *Handlers) Sync(ctx context.Context) error {
	err := h.slack.Users(ctx, func(user bot.User) error {
		_, err := h.people.save(ctx, user)
		return err
	})
	if err != nil {
		return fmt.Errorf("read people from Slack: %w", err)
	}
	groups, err := h.slack.Usergroups(ctx)
	if errors.Is(err, bot.ErrPlan) || errors.Is(err, bot.ErrScope) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read user groups from Slack: %w", err)
	}
	for _, group := range groups {
		if err := h.syncGroup(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handlers) syncGroup(ctx context.Context, group bot.Usergroup) error {
	var members []string
	if !group.Disabled {
		var err error
		if members, err = h.slack.UsergroupMembers(ctx, group.ID); err != nil {
			return fmt.Errorf("read members of @%s from Slack: %w", group.Handle, err)
		}
	}
	return h.flows.SaveSlackGroup(ctx, group.ID, group.Handle, group.Name, members)
}

// registerPeople keeps people and groups in step as Slack tells of changes.
func (h *Handlers) registerPeople(router *bot.Router) {
	router.Event("user_change", h.personChanged)
	router.Event("team_join", h.personChanged)
	router.Event("subteam_members_changed", h.groupChanged)
	router.Event("tokens_revoked", h.removed)
	router.Event("app_uninstalled", h.removed)
}

func (h *Handlers) personChanged(ctx context.Context, event bot.Event) error {
	var told struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal(event.Raw, &told); err != nil {
		return fmt.Errorf("read %s: %w", event.Type, err)
	}
	_, err := h.people.ask(ctx, told.User.ID)
	return err
}

func (h *Handlers) groupChanged(ctx context.Context, event bot.Event) error {
	var told struct {
		SubteamID string `json:"subteam_id"`
	}
	if err := json.Unmarshal(event.Raw, &told); err != nil {
		return fmt.Errorf("read %s: %w", event.Type, err)
	}
	groups, err := h.slack.Usergroups(ctx)
	if err != nil {
		return err
	}
	for _, group := range groups {
		if group.ID == told.SubteamID {
			return h.syncGroup(ctx, group)
		}
	}
	return nil
}

func (h *Handlers) removed(ctx context.Context, event bot.Event) error {
	h.log.ErrorContext(ctx, "the app was removed from the workspace or its tokens were revoked", "event", event.Type)
	return nil
}
