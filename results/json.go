package results

// JSON encodes records as one JSON array, an object a line. It is valid however
// the run ends, as long as its Writer is closed; that is also why it cannot be
// resumed. It never fails. Safe from any goroutine.
type JSON struct {
	Columns *Columns // as in JSONL
}

var _ Framer = JSON{}

// Append implements Encoder.
func (j JSON) Append(dst []byte, r *Record) ([]byte, error) {
	dst = append(dst, '\n')
	if j.Columns != nil {
		return j.Columns.appendJSON(dst, r), nil
	}
	return AppendJSON(dst, r), nil
}

// Head implements Framer.
func (JSON) Head() string { return "[" }

// Between implements Framer.
func (JSON) Between() string { return "," }

// Tail implements Framer.
func (JSON) Tail() string { return "\n]\n" }
