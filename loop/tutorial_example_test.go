package loop_test

import (
	"os"
	"time"
)

func show(program func(*tutorial)) {
	p := newTutorial(os.Stdout, time.Second, true)
	defer p.l.Close()
	program(p)
}

func Example_tutorial01() {
	show((*tutorial).one)
	// Output:
	// start get url
	// end get url
	// took 2 units
}

func Example_tutorial02() {
	show((*tutorial).two)
	// Output:
	// start get url
	// start get url
	// end get url
	// end get url
	// done 2 pending 0
	// took 2 units
}

func Example_tutorial03() {
	show((*tutorial).three)
	// Output:
	// result is not set
	// start get url
	// end get url
	// hello world <nil>
	// took 2 units
}

func Example_tutorial04() {
	show((*tutorial).four)
	// Output:
	// start get url
	// end get url
	// hello world <nil>
	// took 2 units
}

func Example_tutorial05() {
	show((*tutorial).five)
	// Output:
	// start get url
	// end get url
	// start callback
	// hello world <nil>
	// took 2 units
}

func Example_tutorial06() {
	show((*tutorial).six)
	// Output:
	// start get url
	// end get url
	// url:imooc.com
	// start callback
	// hello world <nil>
	// took 2 units
}

func Example_tutorial07() {
	show((*tutorial).seven)
	// Output:
	// [foo bar] <nil>
	// took 2 units
	// no route to host sibling done: false
	// took 1 units
	// sibling <nil>
}

func Example_tutorial08() {
	show((*tutorial).eight)
	// Output:
	// 1 done 1 pending <nil>
	// took 1 units
	// 2 done 0 pending <nil>
	// took 2 units
	// bar failed
}

func Example_tutorial09() {
	show((*tutorial).nine)
	// Output:
	// start a
	// start b
	// start c
	// start d
	// end a
	// end b
	// end c
	// end d
	// [[a b] [c d]] <nil>
	// took 2 units
	// start g
	// start h
	// outer: true group1 cancelled: true
	// end g
	// end h
	// [g h] <nil>
}

func Example_tutorial10() {
	show((*tutorial).ten)
	// Output:
	// start
	// start
	// start
	// end
	// interrupted
	// task cancel true
	// task cancel true
	// task cancel true
	// false true true true true
	// took 2 units
}

func Example_tutorial11() {
	show((*tutorial).eleven)
	// Output:
	// main started
	// nested running
	// main received Nested coroutine result
	// main finished
	// took 2 units
}

func Example_tutorial12() {
	show((*tutorial).twelve)
	// Output:
	// soon
	// threadsafe
	// later
	// at
	// took 10 units
}

func Example_tutorial13() {
	show((*tutorial).thirteen)
	// Output:
	// get url
	// get url
	// get url
	// end
	// end
	// end
	// 3 0
	// took 3 units
}
