package web

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
)

// A schema is a JSON Schema (2020-12), which is what OpenAPI 3.1 describes bodies in.
type schema = map[string]any

// schemaOf describes how encoding/json encodes an answer: texts, flags, numbers, and
// lists, maps and structs of them.
func schemaOf(t reflect.Type) schema {
	if t == reflect.TypeFor[json.RawMessage]() {
		return schema{"type": "object"}
	}
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
		if f.Anonymous && name == "" { // its fields are encoded beside the others, if it is there
			embedded, _ := schemaOf(f.Type)["properties"].(schema)
			maps.Copy(properties, embedded)
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
