package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a message in the outbox. Waiting (see approval.go) was never sent.
const (
	Sending = "sending" // a first post is on its way, or its answer was lost
	Posted  = "posted"
	Refused = "refused" // Slack will not take it
)

// Message is one Slack message that Usher wants to exist. Its content is never stored: it is drawn anew from the
// rows that Purpose and Ref name. Wanted counts the changes asked for, Done those that Slack has seen.
type Message struct {
	bun.BaseModel `bun:"table:messages,alias:message"`

	ID           string    `bun:"id,pk"`
	Key          string    `bun:"key"`      // one message for one key, however often it is asked for
	Lane         string    `bun:"lane"`     // messages of one lane are sent in order, one after another
	Position     int64     `bun:"position"` // order within the lane
	Purpose      string    `bun:"purpose"`  // what it is and so how it is drawn
	Ref          string    `bun:"ref"`      // the row that it is drawn from
	RequestID    string    `bun:"request_id"`
	PersonID     string    `bun:"person_id"` // whom it is for; empty in a channel
	Channel      string    `bun:"channel"`   // Slack's id once posted
	TS           string    `bun:"ts"`
	Batch        string    `bun:"batch"` // the key of the Slack message that carries this one: its own, or that of the line it joined
	ContentHash  string    `bun:"content_hash"`
	Wanted       int64     `bun:"wanted"`
	Done         int64     `bun:"done"`
	Status       string    `bun:"status"`
	SendingSince time.Time `bun:"sending_since,nullzero"`
	Attempts     int       `bun:"attempts"`
	NextAt       time.Time `bun:"next_at,nullzero"`
	NotBefore    time.Time `bun:"not_before,nullzero"` // by the clock that people live in; it holds back nothing else of its lane
	Error        string    `bun:"error"`
	CreatedAt    time.Time `bun:"created_at"`
}

// Lane is an ordered line of messages, worked by one process at a time.
type Lane struct {
	bun.BaseModel `bun:"table:lanes,alias:lane"`

	Name         string    `bun:"name,pk"`
	ClaimedBy    string    `bun:"claimed_by"`
	ClaimedUntil time.Time `bun:"claimed_until,nullzero"`
}

// WantMessages asks for messages to exist, or, where they do already, to be drawn anew. No two have one key.
func WantMessages(ctx context.Context, q bun.IDB, rows []Message) error {
	if len(rows) == 0 {
		return nil
	}
	var lanes []Lane
	for n := range rows {
		if rows[n].ID == "" {
			rows[n].ID = NewID("msg")
		}
		rows[n].Wanted, rows[n].Done, rows[n].Status = 1, 0, Waiting
		if lane := (Lane{Name: rows[n].Lane}); !slices.Contains(lanes, lane) {
			lanes = append(lanes, lane)
		}
	}
	if _, err := q.NewInsert().Model(&lanes).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("add lanes: %w", err)
	}
	_, err := q.NewInsert().Model(&rows).On("CONFLICT (key) DO UPDATE").Set("wanted = message.wanted + 1").Exec(ctx)
	return wrap(err, "want messages")
}

// Stale names messages that are to be drawn anew if they were ever wanted: the one with the key, or all of a purpose
// that are about a request, drawn from a row, or both.
type Stale struct{ Key, Purpose, RequestID, Ref string }

// Compare puts what is stale into an order, so that doubles can be dropped.
func (s Stale) Compare(other Stale) int {
	return cmp.Or(cmp.Compare(s.Key, other.Key), cmp.Compare(s.Purpose, other.Purpose),
		cmp.Compare(s.RequestID, other.RequestID), cmp.Compare(s.Ref, other.Ref))
}

// RedrawMessages asks for messages to be drawn anew and returns their lanes. Lines of the thread are never drawn anew.
func RedrawMessages(ctx context.Context, q bun.IDB, all []Stale) ([]string, error) {
	if len(all) == 0 {
		return nil, nil
	}
	query := q.NewUpdate().Model((*Message)(nil)).Set("wanted = wanted + 1").Returning("lane")
	for _, one := range all {
		query = query.WhereGroup(" OR ", func(where *bun.UpdateQuery) *bun.UpdateQuery {
			for _, part := range [][2]string{{"key", one.Key}, {"purpose", one.Purpose}, {"request_id", one.RequestID}, {"ref", one.Ref}} {
				if part[1] != "" {
					where = where.Where("? = ?", bun.Ident(part[0]), part[1])
				}
			}
			return where
		})
	}
	var lanes []string
	if _, err := query.Exec(ctx, &lanes); err != nil {
		return nil, fmt.Errorf("redraw messages: %w", err)
	}
	return lanes, nil
}

// WantUnposted asks for what belongs into the thread of a request's card and could not be posted while there was none.
func WantUnposted(ctx context.Context, q bun.IDB, lane string) error {
	_, err := q.NewUpdate().Model((*Message)(nil)).Set("wanted = wanted + 1").
		Where("lane = ?", lane).Where("ts = ''").Where("wanted = done").Where("status = ?", Waiting).Exec(ctx)
	return wrap(err, "want what waited for a card in "+lane)
}

// MessageByKey reads one message.
func MessageByKey(ctx context.Context, q bun.IDB, key string) (Message, error) {
	var row Message
	err := q.NewSelect().Model(&row).Where("key = ?", key).Scan(ctx)
	return row, absent(err, "message", key)
}

// MessageAt reads the message that stands at a place in Slack.
func MessageAt(ctx context.Context, q bun.IDB, channel, ts string) (Message, error) {
	var row Message
	err := q.NewSelect().Model(&row).Where("channel = ?", channel).Where("ts = ?", ts).Limit(1).Scan(ctx)
	return row, absent(err, "message at", ts)
}

// DueMessages reads the messages of a lane that Slack has not seen as wanted, in order. Now is the time that people
// live in.
func DueMessages(ctx context.Context, q bun.IDB, lane string, now time.Time) ([]Message, error) {
	var rows []Message
	err := q.NewSelect().Model(&rows).Where("lane = ?", lane).Where("wanted > done").Where("status <> ?", Refused).
		Where("(not_before IS NULL OR not_before <= ?)", now).
		Order("position", "created_at", "key").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", lane, err)
	}
	return rows, nil
}

// HeldBack reads which people a request's messages of a purpose wait for, and until when. Now is the time that people
// live in.
func HeldBack(ctx context.Context, q bun.IDB, requestID, purpose string, now time.Time) (map[string]time.Time, error) {
	var rows []Message
	err := q.NewSelect().Model(&rows).Column("person_id", "not_before").Where("request_id = ?", requestID).
		Where("purpose = ?", purpose).Where("status = ?", Waiting).Where("not_before > ?", now).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is asked later about %s: %w", requestID, err)
	}
	later := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		later[row.PersonID] = row.NotBefore
	}
	return later, nil
}

// DueLanes reads the lanes that have something to send and nobody who does it, at most limit. Wall is the time of
// claims and waits for Slack, now the time that people live in.
func DueLanes(ctx context.Context, q bun.IDB, wall, now time.Time, limit int64) ([]string, error) {
	var names []string
	err := q.NewSelect().Model((*Lane)(nil)).Column("lane.name").
		Where("(lane.claimed_until IS NULL OR lane.claimed_until <= ?)", wall).
		Where("EXISTS (SELECT 1 FROM messages AS message WHERE message.lane = lane.name AND message.wanted > message.done "+
			"AND message.status <> ? AND (message.next_at IS NULL OR message.next_at <= ?) "+
			"AND (message.not_before IS NULL OR message.not_before <= ?))", Refused, wall, now).
		Order("lane.name").Limit(limit).Scan(ctx, &names)
	if err != nil {
		return nil, fmt.Errorf("read due lanes: %w", err)
	}
	return names, nil
}

// ClaimLane takes a lane until the time given; ErrConflict when another process has it.
func ClaimLane(ctx context.Context, q bun.IDB, name, by string, now, until time.Time) error {
	result, err := q.NewUpdate().Model((*Lane)(nil)).Set("claimed_by = ?", by).Set("claimed_until = ?", until).
		Where("name = ?", name).
		Where("(claimed_until IS NULL OR claimed_until <= ? OR claimed_by = ?)", now, by).Exec(ctx)
	return changed(result, err, "lane", name)
}

// ReleaseLane gives a lane back.
func ReleaseLane(ctx context.Context, q bun.IDB, name, by string) error {
	_, err := q.NewUpdate().Model((*Lane)(nil)).Set("claimed_by = ''").Set("claimed_until = NULL").
		Where("name = ?", name).Where("claimed_by = ?", by).Exec(ctx)
	return wrap(err, "release lane "+name)
}

// SaveMessage writes what became of a message; what others wanted meanwhile stays wanted.
func SaveMessage(ctx context.Context, q bun.IDB, row Message) error {
	_, err := q.NewUpdate().Model(&row).
		Column("channel", "ts", "batch", "content_hash", "done", "status", "sending_since", "attempts", "next_at", "error").
		WherePK().Exec(ctx)
	return wrap(err, "save message "+row.Key)
}

// KeepLane keeps a claimed lane for longer; ErrConflict when the claim was lost.
func KeepLane(ctx context.Context, q bun.IDB, name, by string, until time.Time) error {
	result, err := q.NewUpdate().Model((*Lane)(nil)).Set("claimed_until = ?", until).
		Where("name = ?", name).Where("claimed_by = ?", by).Exec(ctx)
	return changed(result, err, "lane", name)
}

// RememberHome remembers that a person opened Home, so that it is drawn anew when something of his changes.
func RememberHome(ctx context.Context, q bun.IDB, row Message) error {
	lane := Lane{Name: row.Lane}
	if _, err := q.NewInsert().Model(&lane).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("add lane %s: %w", row.Lane, err)
	}
	row.ID, row.Wanted, row.Done, row.Status = NewID("msg"), 1, 1, Posted
	_, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "remember home of "+row.PersonID)
}

// ToldBefore says whether a message of a purpose about a row stands in front of a position.
func ToldBefore(ctx context.Context, q bun.IDB, purpose, ref string, position int64) (bool, error) {
	found, err := q.NewSelect().Model((*Message)(nil)).Where("ref = ?", ref).Where("purpose = ?", purpose).Where("position < ?", position).Exists(ctx)
	return found, wrap(err, "look for messages about "+ref)
}
