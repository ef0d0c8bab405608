package results

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
	"unicode/utf8"
)

// names looks for those that do not exist, as far as the types of a record tell:
// also where no record comes by.
type names struct {
	text     string
	selected []string
	vars     map[string]reflect.Type
	assigned map[string]bool // variables that become another value somewhere
}

// checkNames checks a tree, which sees a record if whole is set, or else what nobody
// knows. Its error is the first.
func checkNames(text string, root *parse.ListNode, whole bool, selected []string) (err error) {
	n := &names{text: text, selected: selected, vars: map[string]reflect.Type{}, assigned: map[string]bool{}}
	everyNode(root, func(node parse.Node) {
		if p, ok := node.(*parse.PipeNode); ok && p.IsAssign {
			for _, v := range p.Decl {
				n.assigned[v.Ident[0]] = true
			}
		}
	})
	var dot reflect.Type
	if whole {
		dot = reflect.TypeFor[templateRecord]()
	}
	if !n.assigned["$"] {
		n.vars["$"] = dot
	}
	return n.list(root, dot)
}

func (n *names) list(list *parse.ListNode, dot reflect.Type) error {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		var err error
		switch node := node.(type) {
		case *parse.ActionNode:
			_, err = n.pipe(node.Pipe, dot)
		case *parse.TemplateNode:
			_, err = n.pipe(node.Pipe, dot)
		case *parse.IfNode:
			err = n.branch(&node.BranchNode, dot)
		case *parse.WithNode:
			err = n.branch(&node.BranchNode, dot)
		case *parse.RangeNode:
			err = n.branch(&node.BranchNode, dot)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// branch checks what stands between {{if}}, {{with}} or {{range}} and {{end}}.
func (n *names) branch(b *parse.BranchNode, dot reflect.Type) error {
	outer := maps.Clone(n.vars)
	defer func() { n.vars = outer }()
	inner, err := n.pipe(b.Pipe, dot)
	if err != nil {
		return err
	}
	switch b.NodeType {
	case parse.NodeIf:
		inner = dot
	case parse.NodeRange:
		inner = element(inner)
		for i, v := range b.Pipe.Decl {
			if n.declare(v, nil); i == len(b.Pipe.Decl)-1 {
				n.declare(v, inner)
			}
		}
	}
	if err := n.list(b.List, inner); err != nil {
		return err
	}
	return n.list(b.ElseList, dot)
}

// element is the type of a list's elements; nil is not known.
func element(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Slice {
		return t.Elem()
	}
	return nil
}

// pipe returns the type of what a pipe brings; nil is not known.
func (n *names) pipe(p *parse.PipeNode, dot reflect.Type) (t reflect.Type, err error) {
	if p == nil {
		return nil, nil
	}
	for _, c := range p.Cmds {
		for i, arg := range c.Args {
			at, err := n.arg(arg, dot)
			if err != nil {
				return nil, err
			}
			if t = nil; i == 0 { // with arguments, it is a function's
				t = at
			}
		}
	}
	for _, v := range p.Decl {
		n.declare(v, t)
	}
	return t, nil
}

// declare gives a variable the type that it has for good.
func (n *names) declare(v *parse.VariableNode, t reflect.Type) {
	if n.vars[v.Ident[0]] = t; n.assigned[v.Ident[0]] {
		n.vars[v.Ident[0]] = nil
	}
}

func (n *names) arg(node parse.Node, dot reflect.Type) (reflect.Type, error) {
	switch node := node.(type) {
	case *parse.DotNode:
		return dot, nil
	case *parse.FieldNode:
		return n.fields(node, dot, "", node.Ident)
	case *parse.VariableNode:
		return n.fields(node, n.vars[node.Ident[0]], node.Ident[0], node.Ident[1:])
	case *parse.ChainNode:
		t, err := n.arg(node.Node, dot)
		if err != nil {
			return nil, err
		}
		return n.fields(node, t, node.Node.String(), node.Field)
	case *parse.PipeNode:
		return n.pipe(node, dot)
	case *parse.IdentifierNode:
		return nil, n.function(node)
	}
	return nil, nil
}

// fields follows a chain of fields from t, which before stands for.
func (n *names) fields(node parse.Node, t reflect.Type, before string, chain []string) (reflect.Type, error) {
	for i, name := range chain {
		if t == nil {
			return nil, nil
		}
		if f, ok := exported(t, name); ok {
			t = f.Type
		} else if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
			t = nil
		} else if t.Kind() == reflect.Map && slices.Contains(n.selected, name) {
			t = nil
		} else {
			stem := strings.Join(append([]string{before}, chain[:i]...), ".")
			whole := before + "." + strings.Join(chain, ".")
			return nil, n.fault(node, "no field "+whole, whole, n.known(t, stem))
		}
	}
	return t, nil
}

// exported is the field of a struct that templates may have by this name.
func exported(t reflect.Type, name string) (f reflect.StructField, ok bool) {
	if t.Kind() != reflect.Struct {
		return f, false
	}
	f, ok = t.FieldByName(name)
	return f, ok && toTemplates(f)
}

// toTemplates says that a field is one to templates. Basis is no part of the output.
func toTemplates(f reflect.StructField) bool {
	return f.IsExported() && !f.Anonymous && f.Name != "Basis"
}

// known are the names of what t has, each with stem before it, and those in it.
func (n *names) known(t reflect.Type, stem string) (list []string) {
	switch t.Kind() {
	case reflect.Map:
		for _, name := range n.selected {
			list = append(list, stem+"."+name)
		}
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if !toTemplates(f) {
				continue
			}
			name := stem + "." + f.Name
			list = append(list, name)
			list = append(list, n.known(f.Type, name)...)
		}
	}
	return list
}

// builtins are the functions of text/template.
var builtins = []string{
	"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf", "println", "slice", "urlquery",
}

func (n *names) function(node *parse.IdentifierNode) error {
	known := slices.Concat(builtins, slices.Collect(maps.Keys(templateFuncs())))
	slices.Sort(known)
	known = slices.Compact(known)
	if slices.Contains(known, node.Ident) {
		return nil
	}
	return n.fault(node, "no function "+node.Ident, node.Ident, known)
}

func (n *names) fault(node parse.Node, reason, name string, known []string) error {
	at := int(node.Position())
	switch node := node.(type) { // of a chain it is where the second name begins
	case *parse.FieldNode:
		if len(node.Ident) > 1 {
			at -= len(".") + len(node.Ident[0])
		}
	case *parse.VariableNode:
		if len(node.Ident) > 1 {
			at -= len(node.Ident[0])
		}
	}
	before := n.text[:max(0, min(at, len(n.text)))]
	line := strings.LastIndexByte(before, '\n') + 1
	return &TemplateError{
		Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1,
		Reason: reason, Name: name, Known: known,
	}
}
