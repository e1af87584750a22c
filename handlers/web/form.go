package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"mime"
	"net/http"
	"time"
)

const (
	// formWithin is how long a page may lie open before its buttons count no more.
	formWithin = 2 * time.Hour
	// largestForm bounds the body of an answer, in bytes.
	largestForm = 16 << 10
)

// mark makes the field that a page's form carries: when the page was made, and a signature over that and the link. So an
// answer comes from a page that was looked at lately, and not from a program that tries what links do. There is no
// cookie that another site could make use of; whoever would forge a press needs the link, and with it may press.
func (w *Web) mark(token string, at time.Time) string {
	stamp := binary.BigEndian.AppendUint64(nil, uint64(at.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(stamp, w.signature(token, stamp)...))
}

func (w *Web) signature(token string, stamp []byte) []byte {
	mac := hmac.New(sha256.New, w.key)
	mac.Write(stamp)
	mac.Write([]byte(token))
	return mac.Sum(nil)
}

// fresh says that a mark was made for this link lately.
func (w *Web) fresh(token, mark string, now time.Time) bool {
	given, err := base64.RawURLEncoding.DecodeString(mark)
	if err != nil || len(given) != 8+sha256.Size || !hmac.Equal(given[8:], w.signature(token, given[:8])) {
		return false
	}
	age := now.Sub(time.Unix(int64(binary.BigEndian.Uint64(given)), 0))
	return age >= -time.Minute && age <= formWithin // clocks of two processes differ
}

// answer is what a form says.
type answer struct {
	mark, value, comment string
}

// errForm says that a body is no answer of our form.
var errForm = errors.New("not the page's form")

// readAnswer reads a form. Errors are errForm, or that the body is too large.
func readAnswer(out http.ResponseWriter, r *http.Request) (answer, error) {
	r.Body = http.MaxBytesReader(out, r.Body, largestForm)
	if err := r.ParseForm(); err != nil {
		if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return answer{}, large
		}
		return answer{}, errForm
	}
	for _, name := range []string{"mark", "answer", "comment"} {
		if len(r.PostForm[name]) > 1 {
			return answer{}, errForm
		}
	}
	return answer{r.PostForm.Get("mark"), r.PostForm.Get("answer"), clean(r.PostForm.Get("comment"))}, nil
}

// isType says whether a body is of a media type, whatever its parameters.
func isType(r *http.Request, want string) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == want
}

// elsewhere says that a browser tells that another site sent this. Without the header there is nothing to tell: old
// browsers have none, nor have new ones without HTTPS; and our own pages, which never say where they are, send the
// Origin "null".
func elsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}
