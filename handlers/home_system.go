package handlers

import (
	"context"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// readSystem reads the state of the installation for Home: admins mend there what has failed, auditors read.
func (h *Handlers) readSystem(ctx context.Context, p db.Person, data *views.HomeData) error {
	role, err := h.flows.RoleOf(ctx, h.store, p)
	data.Manages = role.Any()
	if err != nil || !role.Admin && !role.Auditor || ofOneself(data.State.Section) {
		return err
	}
	data.System, err = h.health(ctx, p, data)
	if err == nil {
		data.System.Mends = role.Admin
	}
	return err
}

// ofOneself says that a section is open in which nothing of the installation is shown.
func ofOneself(section string) bool {
	switch section {
	case views.HomeWaiting, views.HomeAccess, views.HomeRequests, views.HomeAway:
		return true
	}
	return false
}

// system is the state of the installation to read, for admins and auditors; nil for everybody else.
func (h *Handlers) system(ctx context.Context, p db.Person) (*views.System, error) {
	var data views.HomeData
	err := h.readSystem(ctx, p, &data)
	if data.System != nil {
		data.System.Mends = false
	}
	return data.System, err
}

// health is the state of the installation. Of each part it has the rows that Home shows.
func (h *Handlers) health(ctx context.Context, p db.Person, data *views.HomeData) (*views.System, error) {
	health, err := h.flows.SystemHealth(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	state := &views.System{Version: h.version, Sockets: h.slack.Connected(), Wanted: h.wanted}
	if state.Directories, err = db.DirectoryStates(ctx, h.store, h.flows.Now()); err != nil {
		return nil, err
	}
	state.Overdue = paged(data, views.HomeOverdue, health.Overdue, health.OverdueTotal)
	state.Differing = paged(data, views.HomeDiffering, health.Differing, len(health.Differing))
	var failing []views.Failing
	for _, one := range health.Providers {
		if !one.FailingSince.IsZero() {
			failing = append(failing, views.Failing{Name: one.Name, Since: one.FailingSince, LastSuccess: one.LastSuccess})
		}
	}
	state.Providers = paged(data, views.HomeProviders, failing, len(failing))
	return state, h.systemRequests(ctx, health, state, data)
}

// systemRequests reads the requests of what has failed and of what nobody can decide.
func (h *Handlers) systemRequests(ctx context.Context, health flows.Health, state *views.System, data *views.HomeData) error {
	failed := paged(data, views.HomeFailed, health.Failed, health.FailedTotal)
	alone := paged(data, views.HomeUnattended, health.Unattended, health.UnattendedTotal)
	var ids []string
	for _, run := range failed.Rows {
		ids = append(ids, run.RequestID)
	}
	for _, step := range alone.Rows {
		ids = append(ids, step.RequestID)
	}
	sheets, err := h.sheetsByID(ctx, ids)
	state.Failed.Total, state.Unattended.Total = failed.Total, alone.Total
	for _, run := range failed.Rows {
		state.Failed.Rows = append(state.Failed.Rows, views.Failed{Sheet: sheets[run.RequestID], RunID: run.ID})
	}
	for _, step := range alone.Rows {
		state.Unattended.Rows = append(state.Unattended.Rows, views.Unattended{
			Sheet: sheets[step.RequestID], StepID: step.StepID, Able: step.Able, Need: step.Need, Since: step.Since,
		})
	}
	return err
}

// paged takes the rows of a list that Home shows of it. Its pages end where the rows do, which are the oldest.
func paged[T any](data *views.HomeData, section string, rows []T, total int) views.Rows[T] {
	if data.State.Section == section {
		total = len(rows)
	}
	offset, limit := pageOf(data, section, len(rows))
	return views.Rows[T]{Rows: rows[min(offset, len(rows)):min(offset+limit, len(rows))], Total: total}
}
