package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/audit"
	"github.com/usherhq/usher/handlers/views"
)

// How much Home and the lists read; the views cut further.
const (
	listLimit   = 50
	recentLimit = 20
)

// registerHome is App Home: published when it is opened and when something of the person's changes.
func (h *Handlers) registerHome(router *bot.Router) {
	router.Event("app_home_opened", h.homeOpened)
}

func (h *Handlers) homeOpened(ctx context.Context, event bot.Event) error {
	var opened struct {
		User string `json:"user"`
		Tab  string `json:"tab"`
	}
	if err := json.Unmarshal(event.Raw, &opened); err != nil {
		return fmt.Errorf("read %s: %w", event.Type, err)
	}
	if opened.Tab != "home" {
		return nil
	}
	p, err := h.people.person(ctx, bot.Person{UserID: opened.User})
	if err != nil {
		return err
	}
	err = db.RememberHome(ctx, h.store, db.Message{
		Key: homeKey(p.ID), Lane: personLane(p.ID), Purpose: purposeHome, Ref: p.ID, PersonID: p.ID, CreatedAt: h.flows.Now(),
	})
	if err != nil {
		return err
	}
	return h.PublishHome(ctx, p.ID)
}

// PublishHome draws a person's Home from the rows as they are now.
func (h *Handlers) PublishHome(ctx context.Context, personID string) error {
	p, err := db.PersonByID(ctx, h.store, personID)
	if err != nil || p.SlackID == "" {
		return err
	}
	data, err := h.homeData(ctx, p)
	if err != nil {
		return err
	}
	return h.slack.PublishHome(ctx, p.SlackID, views.Home(data, h.flows.Now()), "")
}

// homeData reads what waits for a person, what he holds and what he asked for.
func (h *Handlers) homeData(ctx context.Context, p db.Person) (views.HomeData, error) {
	var data views.HomeData
	steps, err := db.StepsWaitingFor(ctx, h.store, p.ID, listLimit)
	if err != nil {
		return data, err
	}
	for _, step := range steps {
		sheet, err := db.ReadSheet(ctx, h.store, step.RequestID)
		if err != nil {
			return data, err
		}
		data.Waiting = append(data.Waiting, views.Waiting{Sheet: sheet, StepID: step.ID})
	}
	scripts, err := db.ScriptsWaitingFor(ctx, h.store, p.ID, listLimit)
	if err != nil {
		return data, err
	}
	for _, script := range scripts {
		sheet, err := db.ReadSheet(ctx, h.store, script.RequestID)
		if err != nil {
			return data, err
		}
		data.Waiting = append(data.Waiting, views.Waiting{Sheet: sheet, ScriptID: script.ID})
	}
	if data.Grants, err = db.LiveGrantsOf(ctx, h.store, p.ID); err != nil {
		return data, err
	}
	requests, err := db.RequestsOf(ctx, h.store, p.ID, recentLimit)
	if err != nil {
		return data, err
	}
	for _, request := range requests {
		sheet, err := db.ReadSheet(ctx, h.store, request.ID)
		if err != nil {
			return data, err
		}
		data.Requests = append(data.Requests, sheet)
	}
	data.System, err = h.system(ctx, p)
	return data, err
}

// system is the state of the installation, for admins; nil for everybody else.
func (h *Handlers) system(ctx context.Context, p db.Person) (*views.System, error) {
	admin, err := h.flows.IsAdmin(ctx, h.store, p)
	if err != nil || !admin {
		return nil, err
	}
	state := &views.System{Version: h.version, Sockets: h.slack.Connected(), Wanted: h.wanted}
	failed, err := db.FailedFlows(ctx, h.store, listLimit)
	if err != nil {
		return nil, err
	}
	for _, run := range failed {
		sheet, err := db.ReadSheet(ctx, h.store, run.RequestID)
		if err != nil {
			return nil, err
		}
		state.Failed = append(state.Failed, views.Failed{Sheet: sheet, RunID: run.ID})
	}
	state.Overdue, err = db.OverdueGrants(ctx, h.store, h.flows.Now(), listLimit)
	return state, err
}

// me reads who acted, as a row with power.
func (h *Handlers) me(ctx context.Context, by bot.Person) (db.Person, error) {
	id, err := h.actor(ctx, by)
	if err != nil {
		return db.Person{}, err
	}
	return db.PersonByID(ctx, h.store, id)
}

// mine answers /access mine.
func (h *Handlers) mine(ctx context.Context, by bot.Person) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	data, err := h.homeData(ctx, p)
	return answer(views.Mine(data, h.flows.Now())), err
}

// approvals answers /access approvals.
func (h *Handlers) approvals(ctx context.Context, by bot.Person) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	data, err := h.homeData(ctx, p)
	return answer(views.Approvals(data, h.flows.Now())), err
}

// admin answers /access admin with the state of the system and the way to the workflows; owners get the way alone.
func (h *Handlers) admin(ctx context.Context, by bot.Person) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	state, err := h.system(ctx, p)
	if err != nil {
		return bot.Answer{}, err
	}
	if state == nil {
		if may, err := h.flows.MayAuthor(ctx, p.ID); err != nil || may {
			return answer(views.AuthoringOnly()), err
		}
		return bot.Answer{}, &flows.Error{Text: "Only admins can see the state of the system. An operator names them in USHER_ADMINS or under admins: in the configuration."}
	}
	return answer(views.Authoring(views.SystemState(*state, h.flows.Now()))), nil
}

// audit hands an admin the audit log, of one request or whole, as a CSV file in a direct message.
func (h *Handlers) audit(ctx context.Context, by bot.Person, requestID string) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	admin, err := h.flows.IsAdmin(ctx, h.store, p)
	if err != nil {
		return bot.Answer{}, err
	}
	if !admin {
		return bot.Answer{}, &flows.Error{Text: "Only admins can export the audit log. An operator names them in USHER_ADMINS or under admins: in the configuration."}
	}
	if requestID != "" {
		if _, err := h.flows.SheetFor(ctx, requestID, p.ID); err != nil {
			return bot.Answer{}, err
		}
	}
	var file bytes.Buffer
	if err := audit.Export(ctx, h.store, db.AuditFilter{Request: requestID}, "csv", &limited{w: &file, left: auditFileLimit}); err != nil {
		if errors.Is(err, errTooLarge) {
			return bot.Answer{}, &flows.Error{Text: "The log is too large for Slack. Name a request (/access audit ID), or run `usher audit export` on the server."}
		}
		return bot.Answer{}, err
	}
	channel, err := h.slack.OpenDM(ctx, p.SlackID)
	if err != nil {
		return bot.Answer{}, err
	}
	if err := h.slack.UploadFile(ctx, channel, "", "usher-audit.csv", &file, file.Len()); err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Refusal("The audit log is in our direct message as usher-audit.csv.")), nil
}
