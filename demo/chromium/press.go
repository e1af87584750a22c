package chromium

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/chromedp/chromedp"
)

//go:embed press.js
var pressJS string

// aimed is what aim in press.js finds: a point of the window, or the reason why nothing can be pressed yet.
type aimed struct {
	X   float64 `json:"x"`
	Y   float64 `json:"y"`
	Why string  `json:"why"`
}

// Click presses an element, the first of several, as soon as a person could, and again should the press not arrive.
func (w Window) Click(selector string) { w.t.Helper(); w.click(selector, 0) }

// ClickLast presses the last of several elements.
func (w Window) ClickLast(selector string) { w.t.Helper(); w.click(selector, -1) }

func (w Window) click(selector string, index int) {
	w.t.Helper()
	aim := fmt.Sprintf("(() => {%sreturn aim(%s, %d)})()", pressJS, Quote(selector), index)
	arrived := "(() => {" + pressJS + "return arrived(" + Quote(selector) + ")})()"
	w.until("pressing "+selector, func(ctx context.Context) (string, error) {
		at, err := chromedp.Run(ctx, chromedp.Evaluate[aimed](aim, chromedp.EvalAwaitPromise))
		if err != nil || at.Why != "" {
			return at.Why, err
		}
		if err := chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
			return "", err
		}
		if done, err := chromedp.Run(ctx, chromedp.Evaluate[bool](arrived)); err == nil && !done {
			return "the press did not arrive", nil
		}
		return "", nil // a page that can't be asked any more was left by the press
	})
}
