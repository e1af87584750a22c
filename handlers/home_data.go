package handlers

import (
	"context"
	"errors"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// mostWaiting bounds how many things of one kind that wait for a person are counted.
const mostWaiting = 1000

// homeData reads what a person's Home shows: the first rows of each section, or a page of the one that is open.
func (h *Handlers) homeData(ctx context.Context, p db.Person, state views.HomeState) (views.HomeData, error) {
	data := views.HomeData{Me: p.ID, State: state, Links: map[string]string{}}
	for _, read := range []func(context.Context, db.Person, *views.HomeData) error{
		h.readWaiting, h.readGrants, h.readRequests, h.readAway, h.readFactor, h.readSystem,
	} {
		if err := read(ctx, p, &data); err != nil {
			return data, err
		}
	}
	return data, h.readLinks(ctx, &data)
}

// pageOf is which rows of a section are read: its page where it is open, else the first few. Of a section that is not
// shown at all none is.
func pageOf(data *views.HomeData, section string, total int) (offset, limit int) {
	switch data.State.Section {
	case section:
		data.State = data.State.Clamp(total)
		return data.State.Page * views.HomePage, views.HomePage
	case "":
		return 0, views.HomeFew
	}
	return 0, 0
}

// errand is something that waits for a person, before its request is read.
type errand struct {
	requestID string
	waits     views.Waiting
}

// readWaiting reads what waits for a person: questions that hold up his own requests, then decisions, work by hand and
// access reviews; the oldest of each in front.
func (h *Handlers) readWaiting(ctx context.Context, p db.Person, data *views.HomeData) error {
	errands, err := h.errandsOf(ctx, p)
	if err != nil {
		return err
	}
	offset, limit := pageOf(data, views.HomeWaiting, len(errands))
	data.Waiting.Total = len(errands)
	shown := errands[min(offset, len(errands)):min(offset+limit, len(errands))]
	ids := make([]string, 0, len(shown))
	for _, one := range shown {
		ids = append(ids, one.requestID)
	}
	sheets, err := h.sheetsByID(ctx, ids)
	for _, one := range shown {
		one.waits.Sheet = sheets[one.requestID]
		data.Waiting.Rows = append(data.Waiting.Rows, one.waits)
	}
	return err
}

func (h *Handlers) errandsOf(ctx context.Context, p db.Person) ([]errand, error) {
	var errands []errand
	questions, err := db.QuestionsWaitingFor(ctx, h.store, p.ID, mostWaiting)
	if err != nil {
		return nil, err
	}
	for n := range questions {
		errands = append(errands, errand{questions[n].RequestID, views.Waiting{Question: &questions[n]}})
	}
	steps, err := db.StepsWaitingFor(ctx, h.store, p.ID, mostWaiting)
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		errands = append(errands, errand{step.RequestID, views.Waiting{StepID: step.ID}})
	}
	scripts, err := db.ScriptsWaitingFor(ctx, h.store, p.ID, mostWaiting)
	if err != nil {
		return nil, err
	}
	for _, script := range scripts {
		errands = append(errands, errand{script.RequestID, views.Waiting{ScriptID: script.ID}})
	}
	reviews, err := db.ReviewsWaitingFor(ctx, h.store, p.ID, mostWaiting)
	for n := range reviews {
		errands = append(errands, errand{waits: views.Waiting{Review: &reviews[n].Review, Left: reviews[n].Left}})
	}
	return errands, err
}

func (h *Handlers) sheetsByID(ctx context.Context, ids []string) (map[string]db.Sheet, error) {
	sheets, err := db.ReadSheets(ctx, h.store, ids)
	byID := make(map[string]db.Sheet, len(sheets))
	for _, sheet := range sheets {
		byID[sheet.Request.ID] = sheet
	}
	return byID, err
}

func (h *Handlers) readGrants(ctx context.Context, p db.Person, data *views.HomeData) (err error) {
	if data.Grants.Total, err = db.CountGrantsHeldBy(ctx, h.store, p.ID); err != nil {
		return err
	}
	offset, limit := pageOf(data, views.HomeAccess, data.Grants.Total)
	data.Grants.Rows, err = db.GrantsHeldBy(ctx, h.store, p.ID, offset, limit)
	return err
}

func (h *Handlers) readRequests(ctx context.Context, p db.Person, data *views.HomeData) (err error) {
	if data.Requests.Total, err = db.CountRequestsMadeBy(ctx, h.store, p.ID); err != nil {
		return err
	}
	offset, limit := pageOf(data, views.HomeRequests, data.Requests.Total)
	ids, err := db.RequestsMadeBy(ctx, h.store, p.ID, offset, limit)
	if err != nil {
		return err
	}
	data.Requests.Rows, err = db.ReadSheets(ctx, h.store, ids)
	return err
}

// readAway reads when a person is away and for whom he stands in. Only a member can decide, and so be missed.
func (h *Handlers) readAway(ctx context.Context, p db.Person, data *views.HomeData) error {
	if !member(p) {
		return nil
	}
	mine, err := db.DelegationsOf(ctx, h.store, p.ID, h.flows.Now())
	if err != nil {
		return err
	}
	to, err := db.DelegationsTo(ctx, h.store, p.ID, h.flows.Now())
	data.Away = &views.Away{Mine: mine, To: to}
	return err
}

func (h *Handlers) readFactor(ctx context.Context, p db.Person, data *views.HomeData) error {
	if !member(p) || data.State.Section != "" {
		return nil
	}
	factor, err := h.flows.FactorOf(ctx, p.ID)
	data.Factor = &views.Factor{
		Enrolled: factor.Enrolled, EnrolledAt: factor.EnrolledAt, UsableAt: factor.UsableAt, LockedUntil: factor.LockedUntil,
		CanEnrol: factor.CanEnrol, SignIn: factor.SignIn,
	}
	return err
}

func member(p db.Person) bool { return p.Active && p.Kind == db.Member }

// readLinks makes the addresses of the cards of all requests that are shown.
func (h *Handlers) readLinks(ctx context.Context, data *views.HomeData) error {
	var ids []string
	for _, waits := range data.Waiting.Rows {
		ids = append(ids, waits.Sheet.Request.ID)
	}
	for _, grant := range data.Grants.Rows {
		ids = append(ids, grant.RequestID)
	}
	for _, sheet := range data.Requests.Rows {
		ids = append(ids, sheet.Request.ID)
	}
	if data.System != nil {
		ids = append(ids, data.System.Requests()...)
	}
	cards, err := db.CardsOf(ctx, h.store, ids)
	if err != nil {
		return err
	}
	for _, card := range cards {
		data.Links[card.RequestID] = h.permalink(card.Channel, card.TS)
	}
	for _, waits := range data.Waiting.Rows {
		if waits.Review == nil {
			continue
		}
		asked, err := db.MessageByKey(ctx, h.store, reviewKey(waits.Review.ID, data.Me))
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if asked.TS != "" {
			data.Links[waits.Review.ID] = h.permalink(asked.Channel, asked.TS)
		}
	}
	return nil
}

// reviewKey is the key of the message that asks a person for his decisions in an access review.
func reviewKey(reviewID, personID string) string {
	return purposeReview + ":" + reviewID + ":" + personID
}

// permalink is the address of a message, in the form that Slack itself gives it.
func (h *Handlers) permalink(channel, ts string) string {
	if h.teamURL == "" {
		return ""
	}
	return strings.TrimSuffix(h.teamURL, "/") + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
}
