package connectors

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// What a webhook has where its declaration does not say.
const (
	hookDeadline = 24 * time.Hour
	hookTimeout  = 15 * time.Second
)

// eventName is a type of the Standard Webhooks specification: words that dots separate.
var eventName = regexp.MustCompile(`^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$`)

// hook reads the declaration of a webhook.
func (r reading) hook(before declared) declaredHook {
	r.only("webhook", "url", "secret", "event", "doc", "args", "body", "deadline", "timeout")
	h := declaredHook{hook: Hook{
		Name: r.name("webhook"), Doc: r.text("doc"), Event: r.must("event", "the message's type, such as access.granted"),
		Deadline: r.span("deadline", hookDeadline, minDeadline, maxDeadline),
		Outputs:  []Field{{Name: scopeResponse, Type: TypeAny, Doc: "what the receiver answered, or sent to the callback"}},
	}, timeout: r.span("timeout", hookTimeout, minTimeout, maxTimeout)}
	for _, known := range before.hooks {
		if known.hook.Name == h.hook.Name && h.hook.Name != "" {
			r.wrong(fmt.Sprintf("there is a webhook %q already", h.hook.Name), "webhook")
		}
	}
	if h.hook.Event != "" && (!eventName.MatchString(h.hook.Event) || len(h.hook.Event) > 128) {
		r.wrong(fmt.Sprintf("%q is no type of a message: write words with dots between them, such as access.granted", h.hook.Event), "event")
	}
	r.args, h.defaults = r.arguments()
	h.hook.Args = r.args
	names := []string{scopeArgs, scopeTarget}
	url := r.must("url", "where the message goes")
	r.template(url, names, "url")
	var err error
	if h.address, err = parseAddress(url); err != nil && url != "" {
		r.wrong(err.Error(), "url")
	}
	h.secrets = r.hookSecrets()
	r.template(r.values["body"], names, "body")
	h.body = r.values["body"]
	if h.hook.Doc == "" {
		h.hook.Doc = "Sends " + h.hook.Event
	}
	return h
}

// hookSecrets reads one reference, or several while a secret is being replaced: the receiver accepts any of them.
func (r reading) hookSecrets() []string {
	const why = "the receiver's signing secret, as env:NAME or file:PATH"
	list, several := r.values["secret"].([]any)
	if !several {
		ref := r.must("secret", why)
		if ref != "" {
			r.reference(ref, "secret")
		}
		return []string{ref}
	}
	if len(list) == 0 || len(list) > 3 {
		r.wrong("must be one reference, or a list of up to three", "secret")
	}
	var refs []string
	for i, value := range list {
		ref, ok := value.(string)
		if !ok {
			r.wrong("must be a text", "secret", strconv.Itoa(i))
			continue
		}
		r.reference(ref, "secret", strconv.Itoa(i))
		refs = append(refs, ref)
	}
	return refs
}
