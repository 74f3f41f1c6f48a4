package web

import "slices"

// parameter describes the parameter of the route's path.
func (r Route) parameter(name string) map[string]any {
	s := schema{"type": "string", "minLength": 1}
	if r.input != nil {
		i := slices.IndexFunc(r.input.params, func(f inputField) bool { return f.name == name })
		if i >= 0 && r.input.params[i].enum != nil {
			s["enum"] = r.input.params[i].enum
		}
	}
	return map[string]any{"name": name, "in": "path", "required": true, "schema": s}
}

// schema describes the body that a route takes. In an HTML form the entries of a map
// are fields of their own.
func (s *inputShape) schema(form bool) schema {
	properties, required := schema{}, []string{}
	var alternatives []schema
	for i := range s.fields {
		f := &s.fields[i]
		switch {
		case form && f.kind == inputMap:
			for _, key := range f.keys {
				properties[f.name+"."+key] = schema{"type": "string", "maxLength": f.max}
			}
			continue
		case form && (f.kind == inputObject || f.kind == inputList):
			continue // named with dots, which a schema of fixed names cannot say
		}
		properties[f.name] = f.schema(form)
		switch {
		case f.alias != "":
			older := f.schema(form)
			older["deprecated"] = true
			properties[f.alias] = older
			if f.required {
				alternatives = append(alternatives, schema{"oneOf": []schema{{"required": []string{f.name}}, {"required": []string{f.alias}}}})
			}
		case f.or != "":
			alternatives = append(alternatives, schema{"anyOf": []schema{{"required": []string{f.name}}, {"required": []string{f.or}}}})
		case f.required:
			required = append(required, f.name)
		}
	}
	out := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if form && slices.ContainsFunc(s.fields, func(f inputField) bool { return f.kind == inputObject || f.kind == inputList }) {
		delete(out, "additionalProperties")
	}
	if len(required) > 0 {
		out["required"] = required
	}
	if s.choices != nil && (!form || !s.choosesNested()) {
		out["oneOf"] = s.choiceSchemas()
	}
	if alternatives != nil {
		out["allOf"] = alternatives
	}
	return out
}

// choosesNested reports whether a choice names a list or an object.
func (s *inputShape) choosesNested() bool {
	return slices.ContainsFunc(s.choices, func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { k := s.field(n).kind; return k == inputObject || k == inputList })
	})
}

// choiceSchemas lists the sets of fields of which exactly one must be present, once for
// each name of a field that has two.
func (s *inputShape) choiceSchemas() []schema {
	var all []string
	for _, names := range s.choices {
		for _, name := range names {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	var out []schema
	for _, names := range s.choices {
		sets := [][]string{{}}
		for _, name := range names {
			spellings := []string{name}
			if alias := s.field(name).alias; alias != "" {
				spellings = append(spellings, alias)
			}
			var longer [][]string
			for _, set := range sets {
				for _, spelling := range spellings {
					longer = append(longer, append(slices.Clone(set), spelling))
				}
			}
			sets = longer
		}
		for _, set := range sets {
			out = append(out, schema{"required": set})
		}
	}
	return out
}

func (f *inputField) schema(form bool) schema {
	var s schema
	switch f.kind {
	case inputFlag:
		s = schema{"type": "boolean"}
	case inputMap:
		entries := schema{}
		for _, key := range f.keys {
			entries[key] = schema{"type": "string", "maxLength": f.max}
		}
		s = schema{"type": "object", "properties": entries, "additionalProperties": false}
	case inputRaw:
		s = schema{"type": "object", "additionalProperties": true}
		if form {
			s = schema{"type": "string", "contentMediaType": "application/json"}
		}
	case inputObject:
		s = f.item.schema(false)
	case inputList:
		s = schema{"type": "array", "items": f.item.schema(false), "maxItems": f.max}
	case inputText:
		s = schema{"type": "string", "maxLength": f.max}
		if f.enum != nil {
			s["enum"] = f.enum
		}
		if f.secret {
			s["format"] = "password"
		}
		if f.required {
			s["minLength"] = 1
		}
	}
	if !form && !f.required && f.enum == nil { // JSON null means that the field was not sent
		s["type"] = []any{s["type"], "null"}
	}
	return s
}
