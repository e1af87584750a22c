package page_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
)

// TestMrkdwn compares what Slack's mrkdwn becomes. The page is open only to lend its browser.
func TestMrkdwn(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	line := func(inside string) string { return `<span class="lines">` + inside + `</span>` }
	for text, want := range map[string]string{
		"plain":                      line("plain"),
		"*b* _i_ ~s~ `c`":            line(`<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>`),
		"*b _i_*":                    line(`<strong>b <em>i</em></strong>`),
		"2*3*4 snake_case_name":      line("2*3*4 snake_case_name"),
		"`*not bold*`":               line("<code>*not bold*</code>"),
		"* not bold *":               line("* not bold *"),
		"&lt;b&gt; &amp;amp;":        line("&lt;b&gt; &amp;amp;"),
		"&gt; quoted\nnot":           `<blockquote class="quote">quoted</blockquote>` + line("not"),
		"• one\n• two":               `<ul class="bullets"><li>one</li><li>two</li></ul>`,
		"```\na &lt; b\n```":         `<pre class="code-block">a &lt; b</pre>`,
		"a\nb":                       line("a<br>b"),
		"<https://a.example|*A*>":    line(`<a href="https://a.example" target="_blank" rel="noopener noreferrer"><strong>A</strong></a>`),
		"see https://a.example/x.":   line(`see <a href="https://a.example/x" target="_blank" rel="noopener noreferrer">https://a.example/x</a>.`),
		"<mailto:a@b.example|write>": line(`<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer">write</a>`),
		"<javascript:alert(1)|x>":    line("<span>x</span>"),
		"<data:text/html,x>":         line("<span>data:text/html,x</span>"),
		":tada: :no_such_thing:":     line(`<span class="emoji" role="img" aria-label="tada" title=":tada:">🎉</span> :no_such_thing:`),
		"<@U1>":                      line(`<span class="mention mention-me" data-user="U1" title="Designer">@Ana Diaz</span>`),
		"<@UNKNOWN>":                 line(`<span class="mention" data-user="UNKNOWN">@UNKNOWN</span>`),
		"<#C1|x>":                    line(`<button type="button" class="mention mention-link">#access</button>`),
		"<#CX|gone>":                 line(`<span class="mention">#gone</span>`),
		"<!subteam^S1>":              line(`<span class="mention" title="Drive admins">@drive-admins</span>`),
		"<!here> <!channel|channel>": line(`<span class="mention mention-all">@here</span> <span class="mention mention-all">@channel</span>`),
		"<!date^x^{date}|once>":      line("once"),
	} {
		got := eval[string](b, `import("/js/mrkdwn.js").then((m) => {
			const box = document.createElement("div");
			box.append(m.mrkdwn(`+chromium.Quote(text)+`));
			return box.innerHTML;
		})`)
		require.Equal(t, want, got, text)
	}
}

func TestDatesAreShownInTheViewersZone(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1") // Lisbon; the workspace's clock says Friday, 20 November 2026, 16:02
	for pattern, want := range map[string]string{
		"{date_num}": "2026-11-20", "{date}": "November 20th, 2026", "{date_short}": "Nov 20, 2026",
		"{date_long}": "Friday, November 20th, 2026", "{date_pretty}": "today", "{time}": "4:00 PM",
		"{time_secs}": "4:00:00 PM", "{date_short_pretty} at {time}": "today at 4:00 PM", "{ago}": "2 minutes ago",
		"{other}": "{other}",
	} {
		got := eval[string](b, `import("/js/time.js").then((m) => m.slackDate(1795190400, `+chromium.Quote(pattern)+`))`)
		require.Equal(t, want, got, pattern)
	}
	wall := eval[float64](b, `import("/js/time.js").then((m) => m.wallToUnix("2026-03-29T02:30", "Europe/Lisbon"))`)
	require.InDelta(t, 1774747800, wall, 0, "the day on which summer time begins")
}
