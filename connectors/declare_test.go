package connectors_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

// calling is a connector that lends its client to declared calls, as far as its description goes.
type calling struct{ plain }

func (c calling) Info() connectors.Info {
	info := c.plain.Info()
	info.Calls = true
	return info
}

// declaring describes declarations of a connector with an endpoint get_user.
func declaring(list []any) (connectors.Info, error) {
	registry := connectors.NewRegistry(calling{plain{"a", []string{"get_user"}}}).WithDeps(connectortest.WithTemplates(connectors.Deps{}))
	return registry.Describe("desk", "a", nil, list)
}

func parsed(t testing.TB, text string) []any {
	t.Helper()
	var list []any
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	return list
}

const (
	goodCall = `{"name":"open","effect":"grants","undo":"close","path":"/t/{{ args.id }}","args":{"id":{"required":true}},"check":{"path":"/t","absent":[404]}}`
	goodUndo = `{"name":"close","effect":"revokes","method":"DELETE","path":"/t","idempotency_header":"Idempotency-Key","doc":"Closes it."}`
	goodRead = `{"name":"look","effect":"reads","path":"/t","outputs":{"id":"{{ response.body.id }}"}}`
	goodHook = `{"webhook":"open","url":"https://hr.example.com","secret":"env:S","event":"access.granted","body":{"a":["{{ target }}"]}}`
)

// TestDescribe lists what is declared after what the connector has itself.
func TestDescribe(t *testing.T) {
	t.Parallel()
	info, err := declaring(parsed(t, "["+goodCall+","+goodUndo+","+goodRead+","+goodHook+"]"))
	require.NoError(t, err)
	require.Len(t, info.Endpoints, 4)
	open, ok := info.Endpoint("open")
	require.True(t, ok)
	require.Equal(t, connectors.Endpoint{
		Name: "open", Doc: "POST /t/{{ args.id }}", Effect: connectors.Grants, Undo: "close", Consistency: 3e9,
		Args:    []connectors.Field{{Name: "id", Type: connectors.TypeString, Required: true, Doc: "argument id"}},
		Outputs: []connectors.Field{{Name: "exists", Type: connectors.TypeAny, Doc: "whether the check found it"}},
	}, open)
	closing, _ := info.Endpoint("close")
	require.True(t, strings.HasPrefix(closing.Doc, "Closes it. Nothing can be read back here"), closing.Doc)
	hook, ok := info.Hook("open")
	require.True(t, ok)
	require.Equal(t, "Sends access.granted", hook.Doc)
	require.Nil(t, hook.Send)
	_, ok = info.Hook("look")
	require.False(t, ok)
	info, err = declaring(nil)
	require.NoError(t, err)
	require.Len(t, info.Endpoints, 1)
}

// TestMistakesInDeclarations names the key and what was meant. The change is merged into a good declaration, null takes
// a key out.
func TestMistakesInDeclarations(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ base, change, path, want string }{
		"no map":                   {``, `7`, "", "is a map with name or webhook"},
		"no name":                  {goodRead, `{"name":null}`, "name", "is missing: what the endpoint is called"},
		"unknown key":              {goodRead, `{"metod":"GET"}`, "metod", `unknown key "metod": known are name, effect`},
		"name in capitals":         {goodRead, `{"name":"Look"}`, "name", `"Look" is no name`},
		"long name":                {goodRead, `{"name":"` + strings.Repeat("a", 65) + `"}`, "name", "at most 64"},
		"name that separates":      {goodRead, `{"name":"my_api_look"}`, "name", "must not hold the words api or webhook"},
		"name that ends so":        {goodRead, `{"name":"my_webhook"}`, "name", "must not hold the words api or webhook"},
		"name of the connector's":  {goodRead, `{"name":"get_user"}`, "name", `there is an endpoint "get_user" already`},
		"name no text":             {goodRead, `{"name":7}`, "name", "must be a text"},
		"no effect":                {goodRead, `{"effect":null}`, "effect", "is missing: grants, revokes or reads"},
		"other effect":             {goodRead, `{"effect":"deletes"}`, "effect", `"deletes" is none of`},
		"read by POST":             {goodRead, `{"method":"POST"}`, "method", `"POST" is none of GET, HEAD`},
		"write by GET":             {goodCall, `{"method":"GET"}`, "method", `"GET" is none of POST`},
		"read with a check":        {goodRead, `{"check":{"path":"/","absent":[404]}}`, "check", "a call that reads has no check"},
		"read with a body":         {goodRead, `{"body":{}}`, "body", "a call that reads has no body"},
		"nothing to settle by":     {goodCall, `{"check":null}`, "", "needs a check or an idempotency_header"},
		"check of one answer":      {goodCall, `{"check":{"path":"/t"}}`, "check", "needs absent"},
		"check by POST":            {goodCall, `{"check":{"path":"/t","absent":[404],"method":"POST"}}`, "check.method", "none of GET, HEAD"},
		"check without a path":     {goodCall, `{"check":{"absent":[404]}}`, "check", `"path" is missing`},
		"check with a body":        {goodCall, `{"check":{"path":"/t","absent":[404],"body":{}}}`, "check.body", "unknown key"},
		"check says both":          {goodCall, `{"check":{"path":"/t","absent":[200]}}`, "check.absent", "200 cannot mean both"},
		"check no condition":       {goodCall, `{"check":{"path":"/t","done":"1 +"}}`, "check.done", "no condition"},
		"check of unknown args":    {goodCall, `{"check":{"path":"/t","done":"args.ip == 1"}}`, "check.done", `no argument "ip": declared are id`},
		"check of the answer":      {goodCall, `{"check":{"path":"/t/{{ response.body.id }}","absent":[404]}}`, "check.path", `called "response"`},
		"status":                   {goodRead, `{"success":[200,"201"]}`, "success.1", "must be an HTTP status"},
		"no status":                {goodRead, `{"success":[99]}`, "success.0", "from 200 to 599"},
		"statuses no list":         {goodRead, `{"success":200}`, "success", "must be a list"},
		"short timeout":            {goodRead, `{"timeout":"1ms"}`, "timeout", "is not a duration from 1s"},
		"no timeout":               {goodRead, `{"timeout":"soon"}`, "timeout", `"soon" is not a duration`},
		"long consistency":         {goodCall, `{"check":{"path":"/t","absent":[404],"consistency":"2d"}}`, "check.consistency", "is not a duration"},
		"undo of nothing":          {goodCall, `{"undo":"clos"}`, "undo", `there is no endpoint "clos": known are get_user, close, open`},
		"undo that grants":         {goodCall, `{"undo":"open"}`, "undo", "one must grant and the other revoke"},
		"no path":                  {goodRead, `{"path":null}`, "path", "is missing: which path"},
		"path without a slash":     {goodRead, `{"path":"t"}`, "path", "must begin with /"},
		"path with a query":        {goodRead, `{"path":"/t?a=b"}`, "path", "into query"},
		"path with a space":        {goodRead, `{"path":"/a b"}`, "path", "as %XX"},
		"path with a bad escape":   {goodRead, `{"path":"/a%2"}`, "path", "as %XX"},
		"path upwards":             {goodRead, `{"path":"/a/%2e./b"}`, "path", "must not hold . or .."},
		"open placeholder":         {goodRead, `{"path":"/a/{{ args"}`, "path", "never closed"},
		"unknown name":             {goodRead, `{"path":"/a/{{ arg.id }}"}`, "path", `nothing here is called "arg"`},
		"unknown argument":         {goodCall, `{"path":"/a/{{ args.ip }}"}`, "path", `there is no argument "ip": declared are id`},
		"in a query":               {goodRead, `{"query":{"q":["a","{{ x.y }}"]}}`, "query.q.1", `called "x"`},
		"map in a query":           {goodRead, `{"query":{"q":{}}}`, "query.q", "must be a text"},
		"list in a header":         {goodRead, `{"headers":{"X-A":[]}}`, "headers.X-A", "must be a text"},
		"secret header":            {goodRead, `{"headers":{"Authorization":"Bearer x"}}`, "headers.Authorization", "would hold a secret"},
		"secret cookie":            {goodRead, `{"headers":{"Cookie":"x"}}`, "headers.Cookie", "would hold a secret"},
		"header of the transport":  {goodRead, `{"headers":{"content-length":"7"}}`, "headers.content-length", "set by the transport"},
		"header no name":           {goodRead, `{"headers":{"X:A":"7"}}`, "headers.X:A", "is no name of a header"},
		"headers no map":           {goodRead, `{"headers":["a"]}`, "headers", "must be a map"},
		"idempotency no name":      {goodUndo, `{"idempotency_header":"a b"}`, "idempotency_header", "is no name of a header"},
		"in a body":                {goodCall, `{"body":{"a":[{"b":"{{ no.c }}"}]}}`, "body.a.0.b", `called "no"`},
		"key with placeholder":     {goodCall, `{"body":{"a":{"{{ target }}":1}}}`, "body.a", "a key may not hold"},
		"output no name":           {goodRead, `{"outputs":{"Id":"x"}}`, "outputs.Id", "is no name"},
		"argument no map":          {goodCall, `{"args":{"id":"string"}}`, "args.id", "must be a map"},
		"argument of nothing":      {goodCall, `{"args":{"id":null}}`, "args.id", "must be a map, such as"},
		"argument no name":         {goodCall, `{"args":{"id":{},"a-b":{}}}`, "args.a-b", "is no name"},
		"argument of another type": {goodCall, `{"args":{"id":{"type":"number"}}}`, "args.id.type", `"number" is none of`},
		"argument required text":   {goodCall, `{"args":{"id":{"required":"yes"}}}`, "args.id.required", "must be true or false"},
		"argument unknown key":     {goodCall, `{"args":{"id":{"description":"x"}}}`, "args.id.description", "unknown key"},
		"default of another type":  {goodCall, `{"args":{"id":{"type":"int","default":"x"}}}`, "args.id.default", "must be of type int"},
		"default and required":     {goodCall, `{"args":{"id":{"required":true,"default":"x"}}}`, "args.id.default", "has no default"},
		"default from arguments":   {goodCall, `{"args":{"id":{"default":"{{ args.id }}"}}}`, "args.id.default", `called "args"`},
		"token without address":    {goodRead, `{"token":"env:A"}`, "token", "belongs to base_url"},
		"token written out":        {goodRead, `{"base_url":"https://a.example","token":"abc"}`, "token", "must not stand here in full"},
		"token to anybody":         {goodRead, `{"base_url":"https://{{ target }}","token":"env:A"}`, "token", "may not go to a host that a placeholder names"},
		"header auth":              {goodRead, `{"base_url":"https://a.example","token":"env:A","auth":"header"}`, "auth", "the name of the header"},
		"address no address":       {goodRead, `{"base_url":"a.example"}`, "base_url", "an address such as"},
		"address with a query":     {goodRead, `{"base_url":"https://a.example?x=1"}`, "base_url", "only scheme, host and path"},
		"address and more":         {goodRead, `{"base_url":"{{ target }}/x"}`, "base_url", "must be that placeholder and nothing else"},
		"sessions of a grant":      {goodCall, `{"ends_sessions":true}`, "ends_sessions", "only a call that revokes"},
		"sessions unread":          {goodUndo, `{"ends_sessions":true}`, "ends_sessions", "only after a check"},
		"hook without event":       {goodHook, `{"event":null}`, "event", "is missing: the message's type"},
		"hook event":               {goodHook, `{"event":"access granted"}`, "event", "words with dots"},
		"hook without secret":      {goodHook, `{"secret":null}`, "secret", "signing secret"},
		"hook secret written out":  {goodHook, `{"secret":"whsec_abc"}`, "secret", "must not stand here in full"},
		"hook secrets written out": {goodHook, `{"secret":["env:A","whsec_abc"]}`, "secret.1", "must not stand here in full"},
		"hook without secrets":     {goodHook, `{"secret":[]}`, "secret", "a list of up to three"},
		"hook secrets no texts":    {goodHook, `{"secret":[7]}`, "secret.0", "must be a text"},
		"hook without url":         {goodHook, `{"url":null}`, "url", "is missing: where the message goes"},
		"hook url":                 {goodHook, `{"url":"ftp://hr.example.com"}`, "url", "an address such as"},
		"hook url with a password": {goodHook, `{"url":"https://a:b@hr.example.com"}`, "url", "a user or password"},
		"hook deadline":            {goodHook, `{"deadline":"1s"}`, "deadline", "is not a duration from 1m"},
		"hook body":                {goodHook, `{"body":"{{ response.status }}"}`, "body", `called "response"`},
		"hook key":                 {goodHook, `{"path":"/"}`, "path", "unknown key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry := merged(t, tc.base, tc.change)
			list := append(parsed(t, "["+goodHook+","+goodUndo+"]"), entry)
			if tc.base == goodUndo || tc.base == goodHook {
				list[0], list[1] = parsed(t, "["+goodRead+"]")[0], map[string]any{"webhook": "x", "url": "https://a.example", "secret": "env:S", "event": "a"}
			}
			_, err := declaring(list)
			var first *connectors.DeclarationError
			require.ErrorAs(t, err, &first)
			require.Equal(t, 2, first.Index, err)
			require.Equal(t, tc.path, strings.Join(first.Path, "."), err)
			require.Contains(t, first.Reason, tc.want)
		})
	}
}

// merged changes a declaration; a key of null stays, which is as good as none.
func merged(t *testing.T, base, change string) any {
	t.Helper()
	if base == "" {
		return 7
	}
	whole := parsed(t, "["+base+","+change+"]")
	entry := whole[0].(map[string]any)
	for key, value := range whole[1].(map[string]any) {
		entry[key] = value
	}
	return entry
}

// TestAllMistakesAreTold at once, in the order of the list.
func TestAllMistakesAreTold(t *testing.T) {
	t.Parallel()
	_, err := declaring([]any{map[string]any{"webhook": "x"}, map[string]any{}, nil})
	all := mistakes(err)
	require.Greater(t, len(all), 6)
	require.ErrorContains(t, err, `endpoints[0]: "url" is missing`)
	require.Equal(t, 2, all[len(all)-1].Index)
}

// TestTwoOfOneName are refused, but a call and a webhook may share one.
func TestTwoOfOneName(t *testing.T) {
	t.Parallel()
	_, err := declaring(parsed(t, "["+goodRead+","+goodRead+"]"))
	require.ErrorContains(t, err, `endpoints[1].name: there is an endpoint "look" already`)
	_, err = declaring(parsed(t, "["+goodHook+","+goodHook+"]"))
	require.ErrorContains(t, err, `endpoints[1].webhook: there is a webhook "open" already`)
}

// TestWithoutATemplateLanguage refuses what could not be filled in.
func TestWithoutATemplateLanguage(t *testing.T) {
	t.Parallel()
	registry := connectors.NewRegistry(calling{plain{"a", nil}}, plain{"b", nil})
	_, err := registry.Describe("desk", "a", nil, parsed(t, "["+goodRead+"]"))
	require.ErrorContains(t, err, "placeholders cannot be filled in here")
	_, err = registry.Describe("desk", "a", nil, parsed(t, `[{"name":"x","effect":"grants","path":"/","check":{"path":"/","done":"true"}}]`))
	require.ErrorContains(t, err, "conditions cannot be answered here")
	_, err = registry.Describe("desk", "b", nil, parsed(t, `[{"name":"x","effect":"reads","path":"/"}]`))
	require.ErrorContains(t, err, `"base_url" is missing: connector b has no address`)
	_, err = registry.Describe("desk", "c", nil, nil)
	require.ErrorContains(t, err, `unknown connector "c"`)
	_, err = registry.Describe("desk", "b", nil, parsed(t, `[{"name":"x","effect":"reads","path":"/","base_url":"https://a.example"}]`))
	require.NoError(t, err)
	_, err = registry.Open("desk", "a", map[string]any{"token": "env:PATH"}, parsed(t, `[{"name":"x","effect":"reads","path":"/"}]`))
	require.ErrorContains(t, err, "endpoint x: the connector has no address", "a connector that promised a client and has none")
}

func mistakes(err error) []*connectors.DeclarationError {
	var all []*connectors.DeclarationError
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, one := range joined.Unwrap() {
			var mistake *connectors.DeclarationError
			if errors.As(one, &mistake) {
				all = append(all, mistake)
			}
		}
	}
	return all
}

// FuzzDeclarations reads what a file may hold: it is described, or each mistake leads to a place in the list.
func FuzzDeclarations(f *testing.F) {
	for _, seed := range []string{
		"[" + goodCall + "," + goodUndo + "]", "[" + goodRead + "," + goodHook + "]", `[{"webhook":null}]`, `[[],7,"x",null,{}]`,
		`[{"name":"a","effect":"grants","args":{"a":{"type":"int","default":1}},"body":{"{{":"}}"},"path":"/{{'}}'}}","idempotency_header":"x"}]`,
		`[{"name":"a","effect":"reads","base_url":"{{ target }}","path":"/%"}]`, `[{"webhook":"a","url":"http://{{target}}:{{ args.p }}/?{{ target }}","secret":["env:A"],"event":"a.b"}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var list []any
		if json.Unmarshal(content, &list) != nil {
			return
		}
		info, err := declaring(list)
		if err != nil {
			require.NotEmpty(t, mistakes(err))
			for _, mistake := range mistakes(err) {
				require.NotEmpty(t, mistake.Reason)
				requirePlace(t, list, mistake)
			}
			return
		}
		require.Len(t, list, len(info.Endpoints)-1+len(info.Hooks))
		names := map[string]bool{}
		for _, e := range info.Endpoints[1:] {
			require.False(t, names[e.Name], "two are called %s", e.Name)
			names[e.Name] = true
			require.Regexp(t, `^[a-z][a-z0-9_]*$`, e.Name)
			require.NotEmpty(t, e.Doc)
		}
	})
}

// requirePlace follows a path to all but its last key, which may be the one that is missing.
func requirePlace(t *testing.T, list []any, mistake *connectors.DeclarationError) {
	t.Helper()
	require.Less(t, mistake.Index, len(list))
	value := list[mistake.Index]
	for i, key := range mistake.Path {
		switch v := value.(type) {
		case map[string]any:
			inner, known := v[key]
			require.True(t, known || i == len(mistake.Path)-1, "%v leads nowhere", mistake.Path)
			value = inner
		case []any:
			at, err := strconv.Atoi(key)
			require.NoError(t, err)
			require.Less(t, at, len(v))
			value = v[at]
		default:
			require.Fail(t, "leads into what has no keys", "%v", mistake.Path)
		}
	}
}
