package results

import (
	"bytes"
	"strings"
	"text/template/parse"
)

// spellText puts tabs and line ends into the text of a template.
func spellText(root *parse.ListNode) {
	everyNode(root, func(node parse.Node) {
		if n, ok := node.(*parse.TextNode); ok {
			n.Text = bytes.ReplaceAll(bytes.ReplaceAll(n.Text, []byte(`\t`), []byte("\t")), []byte(`\n`), []byte("\n"))
		}
	})
}

// hasLineEnd says that a template, once it is spelt, has a line end, if only in a
// branch or a constant.
func hasLineEnd(root *parse.ListNode) (has bool) {
	everyNode(root, func(node parse.Node) {
		switch n := node.(type) {
		case *parse.TextNode:
			has = has || bytes.IndexByte(n.Text, '\n') >= 0
		case *parse.StringNode:
			has = has || strings.Contains(n.Text, "\n")
		}
	})
	return has
}

// everyNode shows visit every node of a tree, from the front.
func everyNode(node parse.Node, visit func(parse.Node)) {
	visit(node)
	switch n := node.(type) {
	case *parse.ListNode:
		for _, inner := range n.Nodes {
			everyNode(inner, visit)
		}
	case *parse.ActionNode:
		everyNode(n.Pipe, visit)
	case *parse.IfNode:
		everyBranch(&n.BranchNode, visit)
	case *parse.WithNode:
		everyBranch(&n.BranchNode, visit)
	case *parse.RangeNode:
		everyBranch(&n.BranchNode, visit)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			everyNode(n.Pipe, visit)
		}
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			for _, arg := range c.Args {
				everyNode(arg, visit)
			}
		}
	case *parse.ChainNode:
		everyNode(n.Node, visit)
	}
}

func everyBranch(b *parse.BranchNode, visit func(parse.Node)) {
	everyNode(b.Pipe, visit)
	everyNode(b.List, visit)
	if b.ElseList != nil {
		everyNode(b.ElseList, visit)
	}
}
