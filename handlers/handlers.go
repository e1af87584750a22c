// Package handlers is the person's side of Usher: what people type, press and fill in, and what they are told. There
// is one file for each journey, top to bottom as the person meets it. A handler parses, calls one flow and draws;
// the rules are in flows, the drawing in views, Slack itself in bot.
package handlers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// Slack is what handlers need of the door to Slack's Web API.
type Slack interface {
	Post(ctx context.Context, message bot.Message) (bot.Posted, error)
	Update(ctx context.Context, channel, ts string, message bot.Message) error
	Permalink(ctx context.Context, channel, ts string) (string, error)
	FindPosted(ctx context.Context, channel, threadTS, key string, since time.Time) (bot.Posted, error)
	Respond(ctx context.Context, responseURL string, message bot.Message, replace bool) error
	OpenDM(ctx context.Context, userID string) (string, error)
	ChannelID(ctx context.Context, name string) (string, error)
	OpenView(ctx context.Context, triggerID string, view slack.ModalViewRequest) (bot.View, error)
	UpdateView(ctx context.Context, viewID, hash string, view slack.ModalViewRequest) (bot.View, error)
	PublishHome(ctx context.Context, userID string, view slack.HomeTabViewRequest, hash string) error
	UploadFile(ctx context.Context, channel, threadTS, name string, content io.Reader, size int) error
	User(ctx context.Context, id string) (bot.User, error)
	Users(ctx context.Context, take func(bot.User) error) error
	Usergroups(ctx context.Context) ([]bot.Usergroup, error)
	UsergroupMembers(ctx context.Context, id string) ([]string, error)
	Connected() int
}

// Handlers is the person's side on top of the flows.
type Handlers struct {
	flows   *flows.Flows
	store   *db.Store
	slack   Slack
	log     *slog.Logger
	people  *people
	teamURL string // of the workspace, for links to messages; may be empty
	version string
	wanted  int // sockets this process is to have
}

// Options are what Handlers is made of.
type Options struct {
	Flows       *flows.Flows
	Store       *db.Store
	Slack       Slack
	Log         *slog.Logger
	TeamID      string // of our workspace
	TeamURL     string // its address, for links to messages
	Version     string
	Connections int
}

// New puts the person's side on the flows.
func New(options Options) *Handlers {
	return &Handlers{
		flows: options.Flows, store: options.Store, slack: options.Slack, log: options.Log, version: options.Version,
		wanted: options.Connections, teamURL: options.TeamURL,
		people: &people{flows: options.Flows, store: options.Store, slack: options.Slack, team: options.TeamID},
	}
}

// Register is the table of contents: every command, button, modal and event, and what answers it.
func (h *Handlers) Register(router *bot.Router) {
	router.Expected(expected)
	router.OnError(h.tell)
	router.Seen(func(ctx context.Context, eventID string) (bool, error) { return db.EventSeen(ctx, h.store, eventID) })
	router.Handled(func(ctx context.Context, eventID string) error {
		return db.RememberEvent(ctx, h.store, eventID, db.UTC(time.Now()))
	})

	router.Command("/access", h.command)
	router.Shortcut("request_access", h.requestShortcut)
	h.registerRequest(router)
	h.registerReview(router)
	h.registerHeld(router)
	h.registerDirectory(router)
	h.registerDeparture(router)
	h.registerBirthright(router)
	h.registerQuestions(router)
	h.registerGrants(router)
	h.registerMend(router)
	h.registerQuestion(router)
	h.registerWorkflow(router)
	h.registerAdmin(router)
	h.registerAccessReview(router)
	h.registerHome(router)
	h.registerPeople(router)
}

// expected knows the errors that are an answer rather than a fault.
func expected(err error) bool {
	_, refusal := flows.Refusal(err)
	return refusal || errors.Is(err, bot.ErrExpired)
}
