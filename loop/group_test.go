package loop_test

import (
	"errors"
	"fmt"
	"testing"

	"crawl/loop"
)

var groupRows = []row{
	{"K1", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			var a, b *loop.Task[int]
			e.ok(loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				a = loop.CreateTask(g, func(c *loop.Ctx) (int, error) { return 1, loop.Sleep(c, 2*u) })
				b = loop.CreateTask(g, func(c *loop.Ctx) (int, error) { return 2, loop.Sleep(c, u) })
				return nil
			}))
			x, _ := a.Result()
			y, _ := b.Result()
			e.check(x == 1 && y == 2 && e.l.Time() == 2*u, "%d %d at %v", x, y, e.l.Time())
			return loop.WithTaskGroup(c, func(*loop.Ctx, *loop.TaskGroup) error { return nil })
		}))
	}},
	{"K2", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				e.child(g, "slow cleanup", func(c *loop.Ctx) error {
					_ = loop.Sleep(c, 9*u)
					_ = c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, 3*u) })
					return errOther
				})
				e.child(g, "fails", func(c *loop.Ctx) error { _ = loop.Sleep(c, u); return errBoom })
				e.child(g, "sibling", func(c *loop.Ctx) error { err := loop.Sleep(c, 9*u); e.note("sibling"); return err })
				err := loop.Sleep(c, 9*u)
				e.note("body")
				e.cancelled(err)
				return err
			})
			var ge *loop.GroupError
			e.check(errors.As(err, &ge) && fmt.Sprint(ge.Errors) == "[boom other]", "in completion order: %v", err)
			e.check(e.l.Time() == 4*u, "all are waited for: %v", e.l.Time())
			return nil
		}))
		e.want("sibling@1 body@1")
		e.check(len(e.reports) == 0, "errors are the group's: %s", e.reported())
	}},
	{"K3", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				e.child(g, "a", func(c *loop.Ctx) error { _ = loop.Sleep(c, 9*u); return errOther })
				e.ok(loop.Sleep(c, u))
				return errBoom
			})
			var ge *loop.GroupError
			e.check(errors.As(err, &ge) && fmt.Sprint(ge.Errors) == "[other boom]", "the body's is last: %v", err)
			return nil
		}))
	}},
	{"K4", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			return loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				a := e.child(g, "a", func(c *loop.Ctx) error { return loop.Sleep(c, 9*u) })
				e.child(g, "b", func(*loop.Ctx) error { return &loop.CancelError{} })
				e.child(g, "c", func(c *loop.Ctx) error { return loop.Sleep(c, 3*u) })
				e.ok(loop.Sleep(c, u))
				a.Cancel()
				return loop.Sleep(c, u)
			})
		}))
		e.check(e.l.Time() == 3*u, "the group was aborted: %v", e.l.Time())
	}},
	{"K5", func(e *env) {
		for _, failing := range []bool{false, true} {
			for _, inBody := range []bool{false, true} {
				t := e.spawn("t", func(c *loop.Ctx) error {
					err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
						e.child(g, "a", func(c *loop.Ctx) error {
							err := loop.Sleep(c, 9*u)
							_ = c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, 2*u) })
							e.note("cleaned")
							if failing {
								return errBoom
							}
							return err
						})
						if inBody {
							return loop.Sleep(c, 9*u)
						}
						return nil
					})
					e.check(c.Cancelling() == 1, "cancelling %d", c.Cancelling())
					e.cancelled(loop.Sleep(c, u)) // it stays cancelled
					return err
				})
				start := e.l.Time()
				e.l.CallLater(u, func() { t.Cancel() })
				_, err := loop.RunUntilComplete(e.l, t)
				e.check(e.l.Time()-start == 3*u, "children are awaited: %v", e.l.Time()-start)
				if failing {
					e.is(err, errBoom)
				} else {
					e.check(t.Cancelled(), "%v", err)
				}
				e.tape = nil
			}
		}
	}},
	{"K6", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				e.child(g, "a", func(*loop.Ctx) error { return errBoom })
				return loop.Sleep(c, 9*u)
			})
			e.is(err, errBoom)
			e.check(c.Cancelling() == 0 && c.Err() == nil, "the count is restored")
			return loop.Sleep(c, u)
		}))
		e.check(e.l.Time() == u, "at %v", e.l.Time())
	}},
	{"K7", func(e *env) {
		var kept *loop.TaskGroup
		e.ok(e.run(func(c *loop.Ctx) error {
			e.ok(loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				kept = g
				e.child(g, "parent", func(c *loop.Ctx) error {
					_ = loop.Sleep(c, u) // the block is exiting already
					e.child(g, "grandchild", func(c *loop.Ctx) error { err := loop.Sleep(c, u); e.note("grandchild"); return err })
					return nil
				})
				return nil
			}))
			e.want("grandchild@2")
			late := e.child(kept, "late", func(*loop.Ctx) error { e.note("ran"); return nil })
			e.is(late.Err(), loop.ErrGroupClosed)
			err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				e.child(g, "fails", func(*loop.Ctx) error { return errBoom })
				_ = loop.Yield(c)
				_ = loop.Yield(c)
				e.is(e.child(g, "refused", func(*loop.Ctx) error { e.note("ran"); return nil }).Err(), loop.ErrGroupClosed)
				return nil
			})
			e.is(err, errBoom)
			return nil
		}))
		e.want("")
	}},
	{"K8", func(e *env) {
		e.is(e.run(func(c *loop.Ctx) error {
			return loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
				e.child(g, "a", func(*loop.Ctx) error { e.note("ran"); return nil })
				return errBoom
			})
		}), errBoom)
		e.want("")
	}},
	{"K9", func(e *env) {
		err := e.run(func(c *loop.Ctx) error {
			return loop.WithTaskGroup(c, func(c *loop.Ctx, outer *loop.TaskGroup) error {
				e.child(outer, "a", func(c *loop.Ctx) error {
					return loop.WithTaskGroup(c, func(c *loop.Ctx, inner *loop.TaskGroup) error {
						e.child(inner, "b", func(*loop.Ctx) error { return fmt.Errorf("leaf: %w", errBoom) })
						return nil
					})
				})
				return loop.Sleep(c, 9*u)
			})
		})
		e.is(err, errBoom)
		var ge *loop.GroupError
		e.check(errors.As(err, &ge) && len(ge.Errors) == 1, "%v", err)
	}},
}

func (e *env) child(g *loop.TaskGroup, name string, fn func(c *loop.Ctx) error) *loop.Task[string] {
	return loop.CreateTask(g, func(c *loop.Ctx) (string, error) { return name, fn(c) }, name)
}

// A body that panics must not leave its children behind.
func TestPanicInAGroupBodyEndsTheChildren(t *testing.T) {
	e := newEnv(t, loop.Options{})
	err := e.run(func(c *loop.Ctx) error {
		return loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
			e.child(g, "a", func(c *loop.Ctx) error { err := loop.Sleep(c, 9*u); e.note("a"); return err })
			_ = loop.Yield(c)
			panic(errBoom)
		})
	})
	e.is(err, errBoom)
	e.want("a@0")
	e.check(len(e.l.AllTasks()) == 0, "left: %s", names(e.l.AllTasks()))
}

func TestLongLivedGroupForgetsItsDoneChildren(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.ok(e.run(func(c *loop.Ctx) error {
		return loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
			for range 10_000 {
				_, err := loop.Await(c, e.child(g, "x", func(*loop.Ctx) error { return nil }))
				e.ok(err)
			}
			if n := loop.Children(g); n > 200 {
				t.Errorf("%d children are kept", n)
			}
			return nil
		})
	}))
}
