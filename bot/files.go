package bot

import (
	"context"
	"io"

	"github.com/slack-go/slack"
)

// UploadFile shares a file in a channel or thread. An empty file is refused by Slack. After ErrUnknown
// the file may be there.
func (b *Bot) UploadFile(ctx context.Context, channel, threadTS, name string, content io.Reader, size int) error {
	_, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Channel: channel, ThreadTimestamp: threadTS, Filename: name, Title: name,
		Reader: content, FileSize: size,
	})
	return classify("files.completeUploadExternal", err)
}
