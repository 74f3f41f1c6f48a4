package web

import (
	"reflect"
	"strings"
)

// A schema is a JSON Schema (2020-12), which is what OpenAPI 3.1 describes bodies in.
type schema = map[string]any

// schemaOf describes how a value of our own answers is encoded: texts, flags,
// numbers, and lists, maps and structs of them.
func schemaOf(t reflect.Type) schema {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int:
		return schema{"type": "integer"}
	case reflect.Slice:
		return schema{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return schema{"type": "object"}
		}
		return schema{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Struct:
		return structSchema(t)
	}
	return schema{"type": "string"}
}

func structSchema(t reflect.Type) schema {
	properties, required := schema{}, []string{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		property := schemaOf(f.Type)
		if strings.HasSuffix(name, "_at") {
			property["format"] = "date-time"
		}
		properties[name] = property
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	s := schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// bodySchema describes what a route takes. In an HTML form the entries of a map are
// fields of their own.
func (a *App) bodySchema(r Route, form bool) schema {
	properties, required := schema{}, []string{}
	for _, f := range r.fields {
		switch {
		case f.isMap && form:
			for _, name := range a.cfg.customFields {
				properties[f.name+"."+name] = schema{"type": "string", "maxLength": maxCustom}
			}
		case f.isMap:
			entries := schema{}
			for _, name := range a.cfg.customFields {
				entries[name] = schema{"type": "string", "maxLength": maxCustom}
			}
			properties[f.name] = schema{"type": []string{"object", "null"}, "properties": entries, "additionalProperties": false}
		case f.required:
			properties[f.name] = schema{"type": "string", "minLength": 1, "maxLength": maxText}
			required = append(required, f.name)
		case form:
			properties[f.name] = schema{"type": "string", "maxLength": maxText}
		default:
			properties[f.name] = schema{"type": []string{"string", "null"}, "maxLength": maxText}
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	if r.choices != nil {
		var oneOf []schema
		for _, names := range r.choices {
			oneOf = append(oneOf, schema{"required": names})
		}
		s["oneOf"] = oneOf
	}
	return s
}
