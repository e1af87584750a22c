package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestAnAccessReviewInABrowser begins a review on the page, and looks at each screen of the people whom it asks.
func TestAnAccessReviewInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	anas := c.held("ana", "Drive editors", "30d", "The poster for the spring fair", "ben")
	c.held("carl", "Drive editors", "8h", "The offer for the museum", "dana")
	c.crowdHolds(7, c.grants(anas)[0])
	w := c.browse()
	shoot := func(name string) { w.keep("reviews", name) }
	modal := func(words string) { w.Reads(`[data-testid=modal]`, words) }

	w.as("dana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access reviews" + kb.Enter)
	modal("There is no access review yet.")
	shoot("01-none")
	w.Click(`[data-action-id=access_review_start]`)
	w.See(`[data-testid=modal] [data-action-id=title]`)
	w.Types(`[data-testid=modal] [data-action-id=title]`, "Autumn 2026")
	w.choose("entitlements", "Drive editors")
	shoot("02-form")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-testid=modal] [data-action-id=channel]`)))
	shoot("03-form-end")
	w.Click(`[data-testid=submit]`)
	modal("0 of 9 decided")
	shoot("04-shown")
	w.Click(`[data-testid=modal] .modal-foot .button`)
	w.Gone(`[data-testid=modal]`)

	w.app("ben", "messages")
	w.Reads(`body`, "0 of 8 decided")
	shoot("05-card")
	card := c.reviewCard("ben", "0 of 8 decided")
	item := c.reviewItem("ana")
	c.press("ben", card.Target(), "Ask the holder", item.ID)
	c.view("ben", "Ask the holder")
	w.See(`[data-testid=modal]`)
	shoot("06-ask")
	c.submit("ben", c.view("ben", "Ask the holder"))

	w.app("ana", "messages")
	w.Reads(`body`, "Do you still need this access?")
	shoot("07-holder")
	asked := c.dm("ana", "Do you still need this access?")
	c.press("ana", asked.Target(), "Answer")
	form := c.view("ana", "Answer")
	c.fill("ana", form.Target(), "Answer", "Until the fair in March, then no longer.")
	w.See(`[data-testid=modal]`)
	shoot("08-answer")
	c.submit("ana", form)
	c.dm("ana", "You answered")
	w.Reads(`body`, "You answered")
	shoot("09-answered")

	w.app("ben", "messages")
	w.Reads(`body`, "Until the fair in March")
	shoot("10-answer-told")
	told := c.dm("ben", "answered about")
	c.press("ben", told.Target(), "Remove")
	removing := c.view("ben", "Remove access")
	c.fill("ben", removing.Target(), "Reason", "The fair is over")
	w.See(`[data-testid=modal]`)
	shoot("11-remove")
	c.submit("ben", removing)
	card = c.reviewCard("ben", "1 of 8 decided")
	c.press("ben", card.Target(), "Do not renew")
	renewal := c.view("ben", "Do not renew")
	c.fill("ben", renewal.Target(), "Reason", "Only until the end of the year")
	w.See(`[data-testid=modal]`)
	shoot("12-do-not-renew")
	c.submit("ben", renewal)
	for n := 2; n < 8; n++ {
		c.press("ben", c.reviewCard("ben", fmt.Sprintf("%d of 8 decided", n)).Target(), "Keep")
	}
	c.reviewCard("ben", "nothing is left for you to decide")
	w.app("ben", "messages")
	w.Reads(`body`, "nothing is left for you to decide")
	shoot("13-summed")

	c.Clock.Advance(7*24*time.Hour + time.Minute)
	c.until("the review is over: Carl's access ended", func() bool { return len(c.dms("dana", "nothing is left for you")) > 0 })
	w.as("dana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access reviews" + kb.Enter)
	modal("Autumn 2026")
	shoot("14-list")
	w.Click(`[data-action-id=access_review_show]`)
	modal("9 of 9 decided")
	shoot("15-done")
	c.unremarkable()
}
