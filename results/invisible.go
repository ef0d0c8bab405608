package results

import "unicode"

// hidden are the characters that show nothing by themselves, or turn the direction
// of writing round: those of format (Cf), and others that fonts leave out (Unicode's
// Default_Ignorable_Code_Point). Control characters are not among them.
var hidden = []*unicode.RangeTable{unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Zl, unicode.Zp}

// isHidden says that c, which is beyond ASCII, would not be seen. Arabic and Syriac
// signs that go around a number are of format too, but have a shape.
func isHidden(c rune) bool {
	return unicode.IsOneOf(hidden, c) && !unicode.Is(unicode.Prepended_Concatenation_Mark, c)
}

// Joiners make emoji of several, and letters of Persian and Hindi stand as they
// should.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// shown tells hidden characters that are at their place from those that could lie.
// The zero value is the beginning of a text.
type shown struct {
	base  bool // a character stands before
	joins bool // it is one beyond ASCII, which a joiner may follow
}

// see says whether c, the next character, is to be shown as it is: whatever is
// visible, one variation selector behind it, and a joiner behind what is no ASCII.
func (s *shown) see(c rune) bool {
	switch {
	case c < 0x80:
		*s = shown{base: c > ' '}
		return true
	case !isHidden(c):
		*s = shown{base: !unicode.IsSpace(c), joins: !unicode.IsSpace(c)}
		return true
	case unicode.Is(unicode.Variation_Selector, c) && s.base:
		s.base = false // a second one is none
		return true
	case (c == joiner || c == nonJoiner) && s.joins:
		*s = shown{}
		return true
	}
	*s = shown{}
	return false
}
