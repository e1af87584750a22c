package flows

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/usherhq/usher/db"
)

// maxReviewText is the longest question or answer, in characters.
const maxReviewText = 1000

// AskHolder asks the person who holds the access of an item whether it is still needed. Each item asks once.
func (f *Flows) AskHolder(ctx context.Context, itemID, personID, text string) error {
	if err := checkReviewText(text, "Write what you would like to know."); err != nil {
		return err
	}
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		p, as, err := c.reviewer(ctx, at, personID)
		if err != nil {
			return err
		}
		switch {
		case !at.item.AskedAt.IsZero():
			return refuse("The holder was asked already; the answer comes to this card.")
		case !at.grant.Subject.Active || at.grant.Subject.SlackID == "":
			return refuse("%s can't be asked in Slack. Decide without, or remove the access.", at.grant.Subject.Name)
		}
		at.item.AskedAt, at.item.AskedBy, at.item.Question = c.now, p.ID, text
		if err := db.SetReviewQuestion(ctx, c, at.item); err != nil {
			return err
		}
		return c.recordReview(person(p), "review.asked", at, db.Details{Reason: text, For: labelOf(as.For)})
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

// AnswerReview is what the holder answers. Guests may: it is their own access.
func (f *Flows) AnswerReview(ctx context.Context, itemID, personID, text string) error {
	if err := checkReviewText(text, "Write an answer."); err != nil {
		return err
	}
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		p, err := c.askedHolder(ctx, at, personID)
		if err != nil {
			return err
		}
		return c.answerReview(ctx, at, p, text)
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

// MayAnswerReview says whether a person may answer about an item now; else it refuses like AnswerReview.
func (f *Flows) MayAnswerReview(ctx context.Context, itemID, personID string) error {
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		_, err := c.askedHolder(ctx, at, personID)
		return err
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

// NotNeeded is the holder's answer that he does not need the access: he gives it back, which closes the item.
func (f *Flows) NotNeeded(ctx context.Context, itemID, personID string) error {
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		p, err := c.askedHolder(ctx, at, personID)
		if err != nil {
			return err
		}
		if err := c.answerReview(ctx, at, p, "I don't need it any more."); err != nil {
			return err
		}
		if err := c.endGrant(ctx, at.grant, person(p), db.CauseReturned, ""); err != nil {
			return err
		}
		return c.dropReviewItem(ctx, at)
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

func (c *change) answerReview(ctx context.Context, at reviewed, p db.Person, text string) error {
	at.item.Answer, at.item.AnsweredAt = text, c.now
	if err := db.SetReviewQuestion(ctx, c, at.item); err != nil {
		return err
	}
	return c.recordReview(person(p), "review.answered", at, db.Details{Reason: text})
}

// askedHolder reads the holder who was asked and has not answered, or refuses.
func (c *change) askedHolder(ctx context.Context, at reviewed, personID string) (db.Person, error) {
	p, err := holder(ctx, c, personID)
	switch {
	case err != nil:
		return p, err
	case p.ID != at.grant.SubjectID:
		return p, refuse("Only the person who holds the access can answer this.")
	case at.item.AskedAt.IsZero():
		return p, refuse("Nobody has asked about this access.")
	case !at.item.AnsweredAt.IsZero():
		return p, refuse("You have answered this already.")
	}
	return p, stillToDecide(at)
}

// dropReviewItem closes an item whose access has ended otherwise.
func (c *change) dropReviewItem(ctx context.Context, at reviewed) error {
	at.item.Status, at.item.DecidedAt = db.ItemEnded, c.now
	if err := db.DecideReviewItem(ctx, c, at.item); err != nil {
		return err
	}
	if err := c.recordReview(system, "review.dropped", at, db.Details{}); err != nil {
		return err
	}
	return c.finishReview(ctx, at.review)
}

func checkReviewText(text, missing string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return refuse("%s", missing)
	case !plainText(text):
		return refuse("Write it as plain text.")
	case utf8.RuneCountInString(text) > maxReviewText:
		return refuse("Keep it below %d characters.", maxReviewText)
	}
	return nil
}
