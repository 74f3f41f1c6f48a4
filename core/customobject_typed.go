package core

import (
	"context"
	"encoding/json"
	"fmt"
)

// A Record is a [CustomObject] with a value of the caller's type. What the type has no
// field for is kept, so that an update does not lose what another program wrote.
type Record[T any] struct {
	CustomObject
	Value T

	unknown map[string]json.RawMessage
}

// RecordsOf are the custom objects of one kind, as values of type T. T is encoded and
// decoded with encoding/json, and must encode as a JSON object.
type RecordsOf[T any] struct {
	service *CustomObjectService
	name    string
}

// CustomObjects returns the records of a kind, named as the site defines it. It is safe
// for concurrent use.
func CustomObjects[T any](c *Client, objectName string) *RecordsOf[T] {
	return &RecordsOf[T]{c.CustomObject, objectName}
}

// Create adds a record to an account; see [CustomObjectService.Create].
func (r *RecordsOf[T]) Create(ctx context.Context, uid string, value T) (*Record[T], error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("loginradius: %T: %w", value, err)
	}
	return recordOf[T](r.service.Create(ctx, CreateCustomObjectRequest{UID: uid, ObjectName: r.name, Object: raw}))
}

// ByID returns a record of an account; see [CustomObjectService.ByID].
func (r *RecordsOf[T]) ByID(ctx context.Context, uid, id string) (*Record[T], error) {
	return recordOf[T](r.service.ByID(ctx, CustomObjectRequest{UID: uid, ObjectName: r.name, ID: id}))
}

// List returns the records of an account; see [CustomObjectService.List].
func (r *RecordsOf[T]) List(ctx context.Context, uid string) ([]*Record[T], error) {
	list, err := r.service.List(ctx, ListCustomObjectsRequest{UID: uid, ObjectName: r.name})
	if err != nil {
		return nil, err
	}
	out := make([]*Record[T], len(list))
	for i := range list {
		if out[i], err = recordOf[T](&list[i], nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Update writes the value of a record back, together with the keys that T has no field
// for, and updates the record to what LoginRadius answered; see
// [CustomObjectService.Update].
func (r *RecordsOf[T]) Update(ctx context.Context, record *Record[T]) error {
	raw, err := record.encode()
	if err != nil {
		return err
	}
	got, err := recordOf[T](r.service.Update(ctx, UpdateCustomObjectRequest{
		UID: record.UID, ObjectName: r.name, ID: record.ID, UpdateType: UpdateReplace, Object: raw,
	}))
	if err != nil {
		return err
	}
	*record = *got
	return nil
}

// Delete deletes a record of an account; see [CustomObjectService.Delete].
func (r *RecordsOf[T]) Delete(ctx context.Context, uid, id string) error {
	return r.service.Delete(ctx, CustomObjectRequest{UID: uid, ObjectName: r.name, ID: id})
}

func recordOf[T any](o *CustomObject, err error) (*Record[T], error) {
	if err != nil {
		return nil, err
	}
	record := &Record[T]{CustomObject: *o}
	if err := json.Unmarshal(o.Object, &record.Value); err != nil {
		return nil, fmt.Errorf("loginradius: custom object %s is no %T: %w", o.ID, record.Value, err)
	}
	known, err := keysOf(record.Value)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(o.Object, &record.unknown); err != nil {
		return nil, fmt.Errorf("loginradius: custom object %s: %w", o.ID, err)
	}
	for key := range known {
		delete(record.unknown, key)
	}
	return record, nil
}

func (r *Record[T]) encode() (json.RawMessage, error) {
	keys, err := keysOf(r.Value)
	if err != nil {
		return nil, err
	}
	for key, raw := range r.unknown {
		if _, ok := keys[key]; !ok {
			keys[key] = raw
		}
	}
	return json.Marshal(keys)
}

func keysOf(value any) (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(value)
	var keys map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(raw, &keys)
	}
	if err != nil || keys == nil {
		return nil, fmt.Errorf("loginradius: a %T is no JSON object: %w", value, ErrInvalidArgument)
	}
	return keys, nil
}
