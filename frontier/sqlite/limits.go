package sqlite

import (
	"context"

	"crawl/weburl"
)

// takePage notes that a page of the host was asked for.
func (s *Store) takePage(host string) {
	s.state.pages++
	s.db.write("INSERT INTO page (host, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", host)
}

// EachPage calls f for each host of which pages were taken, and how many, in the
// order of their names. It blocks on the disk.
func (s *Store) EachPage(ctx context.Context, f func(host string, n int64)) error {
	return s.call(ctx, func() error {
		s.db.each("SELECT host, n FROM page ORDER BY host", nil, func(scan func(...any) error) error {
			var host string
			var n int64
			err := scan(&host, &n)
			if err == nil {
				f(host, n)
			}
			return err
		})
		return nil
	})
}

// EachReach calls f for each URL at which a seed's redirects ended. It blocks on
// the disk.
func (s *Store) EachReach(ctx context.Context, f func(weburl.URL)) error {
	return s.call(ctx, func() error {
		s.db.each("SELECT url FROM reach ORDER BY url", nil, func(scan func(...any) error) error {
			var text string
			if err := scan(&text); err != nil {
				return err
			}
			u, err := weburl.Parse(text)
			if err == nil {
				f(u)
			}
			return err
		})
		return nil
	})
}
