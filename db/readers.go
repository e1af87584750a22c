package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"
)

// readers are the connections to a SQLite database that take what is read outside of transactions. The write-ahead log lets
// them read what is committed while another connection writes. Without them each glance at a row would queue with the writes
// for the one connection, and database/sql lets whoever waits for one take turns by chance.
type readers struct{ *sql.DB }

func openReaders(path string) (readers, error) {
	handle, err := sql.Open("sqlite", "file:"+path+"?"+sqliteOptions+"&_pragma=query_only(1)")
	if err != nil {
		return readers{}, fmt.Errorf("open sqlite database to read: %w", err)
	}
	handle.SetMaxOpenConns(sqliteReaders)
	handle.SetMaxIdleConns(sqliteReaders)
	return readers{handle}, nil
}

// ResolveConn is asked by bun for each query outside of transactions; nil leaves it to the connection that writes.
func (r readers) ResolveConn(_ context.Context, query bun.Query) bun.IConn {
	if _, reads := query.(*bun.SelectQuery); reads {
		return r.DB
	}
	return nil
}
