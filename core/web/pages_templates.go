package web

import (
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"text/template/parse"
)

// parsePages returns the templates of the pages, the application's own in their place.
func parsePages(own *template.Template) (*template.Template, error) {
	ours, err := template.ParseFS(pageFiles, "pages/pages.html")
	if err != nil || own == nil {
		return ours, err
	}
	all, err := own.Clone() // with its functions
	if err != nil {
		return nil, optionError("PageTemplates: " + err.Error())
	}
	for _, t := range ours.Templates() {
		if mine := all.Lookup(t.Name()); t.Tree == nil || mine != nil && mine.Tree != nil {
			continue
		}
		if _, err := all.AddParseTree(t.Name(), t.Tree.Copy()); err != nil {
			return nil, optionError("PageTemplates: " + err.Error())
		}
	}
	return all, nil
}

// A fieldCheck finds the fields of templates that their data does not have, in branches
// that no test run would reach as well. It knows types only as far as templates tell:
// what a function returns is taken on trust.
type fieldCheck struct {
	templates *template.Template
	text      map[string]string
	seen      map[string]bool // a template and the type of its data
	tree      *parse.Tree     // of the template that is looked at
}

// A fieldError ends a fieldCheck.
type fieldError struct{ error }

// checkFields names the first unknown field of the pages, with file and line.
func checkFields(t *template.Template, text map[string]string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			wrong, ok := r.(fieldError)
			if !ok {
				panic(r) //nolint:forbidigo // a bug, not a fieldError
			}
			err = wrong.error
		}
	}()
	c := &fieldCheck{templates: t, text: text, seen: map[string]bool{}}
	for _, pg := range append(slices.Clone(allPages), page{name: "message"}) {
		c.template(nil, pg.name, reflect.TypeFor[*PageView]())
	}
	return nil
}

func (c *fieldCheck) failf(n parse.Node, format string, args ...any) {
	location, context := c.tree.ErrorContext(n)
	//nolint:forbidigo // it ends the walk, and checkFields recovers it
	panic(fieldError{optionError(fmt.Sprintf("PageTemplates: %s: %s in <%s>", location, fmt.Sprintf(format, args...), context))})
}

func (c *fieldCheck) template(n parse.Node, name string, dot reflect.Type) {
	t := c.templates.Lookup(name)
	if t == nil || t.Tree == nil {
		if n != nil {
			c.failf(n, "there is no template %s", name)
		}
		return
	}
	key := fmt.Sprint(name, " ", dot)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	before := c.tree
	c.tree = t.Tree
	c.list(t.Tree.Root, dot, map[string]reflect.Type{"$": dot})
	c.tree = before
}

// list looks at the nodes of a block. A nil type is one that is not known.
func (c *fieldCheck) list(l *parse.ListNode, dot reflect.Type, outer map[string]reflect.Type) {
	if l == nil {
		return
	}
	vars := maps.Clone(outer)
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			c.pipe(n.Pipe, dot, vars)
		case *parse.IfNode:
			inner := maps.Clone(vars)
			c.pipe(n.Pipe, dot, inner)
			c.list(n.List, dot, inner)
			c.list(n.ElseList, dot, inner)
		case *parse.WithNode:
			inner := maps.Clone(vars)
			c.list(n.List, c.pipe(n.Pipe, dot, inner), inner)
			c.list(n.ElseList, dot, inner)
		case *parse.RangeNode:
			inner := maps.Clone(vars)
			key, elem := elements(c.pipe(n.Pipe, dot, inner))
			for i, v := range n.Pipe.Decl {
				inner[v.Ident[0]] = elem
				if i == 0 && len(n.Pipe.Decl) == 2 {
					inner[v.Ident[0]] = key
				}
			}
			c.list(n.List, elem, inner)
			c.list(n.ElseList, dot, inner)
		case *parse.TemplateNode:
			var data reflect.Type
			if n.Pipe != nil {
				data = c.pipe(n.Pipe, dot, vars)
			}
			c.template(n, n.Name, data)
		}
	}
}

// elements returns the types of what a range goes over.
func elements(t reflect.Type) (key, elem reflect.Type) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return nil, nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return reflect.TypeFor[int](), t.Elem()
	case reflect.Map:
		return t.Key(), t.Elem()
	}
	return nil, nil
}

func (c *fieldCheck) pipe(p *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) (t reflect.Type) {
	for _, command := range p.Cmds {
		for i, arg := range command.Args {
			if found := c.operand(arg, dot, vars); i == 0 {
				t = found
			}
		}
	}
	for _, v := range p.Decl {
		vars[v.Ident[0]] = t
	}
	return t
}

func (c *fieldCheck) operand(n parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, c.operand(n.Node, dot, vars), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot, maps.Clone(vars))
	}
	return nil
}

// fields follows names from a type: methods, fields and keys of maps.
func (c *fieldCheck) fields(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for i, name := range names {
		if t == nil || t.Kind() == reflect.Interface {
			return nil
		}
		base := t
		if base.Kind() == reflect.Pointer {
			base = base.Elem()
		}
		if m, ok := reflect.PointerTo(base).MethodByName(name); ok {
			t = m.Type.Out(0)
			continue
		}
		switch base.Kind() {
		case reflect.Struct:
			f, ok := base.FieldByName(name)
			if !ok || !f.IsExported() {
				c.failf(n, "there is no field %s in %s", name, base)
			}
			if base == reflect.TypeFor[PageView]() && name == "Text" && i+1 < len(names) {
				if _, ok := c.text[names[i+1]]; !ok {
					c.failf(n, "there is no text %s", names[i+1])
				}
			}
			t = f.Type
		case reflect.Map:
			t = base.Elem()
		default:
			c.failf(n, "there is no field %s in %s", name, base)
		}
	}
	return t
}
