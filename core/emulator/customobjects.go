package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// customObjects are records of an application's own form that accounts have, under
// the names of objects that the site declares.
type customObjects struct{ *Emulator }

type customRecord struct {
	id                string
	value             map[string]any
	created, modified time.Time
}

// maxRecords is how many records of one object an account may have. LoginRadius
// does not document its limit.
const maxRecords = 1000

func (o *customObjects) customObjectRoutes() []route {
	const own, managed = authPath + "customobject", managePath + "/{uid}/customobject"
	const record = "/{recordid}"
	return []route{
		userRoute("create_custom_object_by_token", "POST", own, o.named(o.create)).withAnyBody(),
		userRoute("get_custom_object_by_token", "GET", own, o.named(o.list)),
		userRoute("get_custom_object_by_record_id_and_token", "GET", own+record, o.named(o.show)),
		userRoute("update_custom_object_by_token", "PUT", own+record, o.named(o.update)).withAnyBody(),
		userRoute("delete_custom_object_by_token", "DELETE", own+record, o.named(o.remove)),
		uidRoute("create_custom_object_by_uid", "POST", managed, o.named(o.create)).withAnyBody(),
		uidRoute("get_custom_object_by_uid", "GET", managed, o.named(o.list)),
		uidRoute("get_custom_object_by_record_id", "GET", managed+record, o.named(o.show)),
		uidRoute("update_custom_object_by_uid", "PUT", managed+record, o.named(o.update)).withAnyBody(),
		uidRoute("delete_custom_object_by_record_id", "DELETE", managed+record, o.named(o.remove)),
	}
}

// named checks the object that a call is about before it runs.
func (o *customObjects) named(handle func(c *call, a *account, object string) (int, any)) handler {
	return func(c *call, a *account) (int, any) {
		object := c.query["objectname"]
		switch {
		case len(o.opt.customObjects.names) == 0:
			return fail(c, core.CodeNotConfiguredCustomObjectSetting)
		case c.route.bearer && o.opt.customObjects.managedOnly:
			return fail(c, core.CodeEndpointNotPermitted)
		case object == "":
			return missing("objectname").answer(c)
		case !slices.Contains(o.opt.customObjects.names, object):
			return fail(c, core.CodeCustomObjectNameInvalid)
		}
		return handle(c, a, object)
	}
}

// value is the body of a call: a JSON object, with its keys as they are.
func (o *customObjects) value(c *call) (map[string]any, *problem) {
	var value map[string]any
	if json.Unmarshal(c.raw, &value) != nil || value == nil {
		return nil, refuse(core.CodeCustomObjectJSONInvalid)
	}
	return value, nil
}

// find returns the record that the path names, which must be one of the account.
func (o *customObjects) find(c *call, a *account, object string) (*customRecord, *problem) {
	i := slices.IndexFunc(a.objects[object], func(r *customRecord) bool { return r.id == c.args["recordid"] })
	if i < 0 {
		return nil, refuse(core.CodeUniqueRecordIDInvalid)
	}
	return a.objects[object][i], nil
}

func (o *customObjects) view(a *account, r *customRecord) map[string]any {
	return map[string]any{
		"Id": r.id, "Uid": a.uid, "IsActive": true, "IsDeleted": false, "DateCreated": o.date(r.created), "DateModified": o.date(r.modified),
		"CustomObject": r.value,
	}
}

func (o *customObjects) create(c *call, a *account, object string) (int, any) {
	value, p := o.value(c)
	switch {
	case p != nil:
		return p.answer(c)
	case len(a.objects[object]) >= maxRecords:
		return fail(c, core.CodeCustomObjectRecordLimitReached)
	}
	r := &customRecord{id: newID()[:24], value: value, created: o.now(), modified: o.now()}
	if a.objects == nil {
		a.objects = map[string][]*customRecord{}
	}
	a.objects[object] = append(a.objects[object], r)
	o.fireData("CreateCustomObject", func() any { return o.view(a, r) })
	return http.StatusOK, o.view(a, r)
}

func (o *customObjects) list(c *call, a *account, object string) (int, any) {
	list := []any{}
	for _, r := range a.objects[object] {
		list = append(list, o.view(a, r))
	}
	if len(list) == 0 && !o.opt.customObjects.emptyList {
		return fail(c, core.CodeCustomObjectNotFoundDoesNot)
	}
	return http.StatusOK, map[string]any{"data": list, "Count": len(list)}
}

func (o *customObjects) show(c *call, a *account, object string) (int, any) {
	r, p := o.find(c, a, object)
	if p != nil {
		return p.answer(c)
	}
	return http.StatusOK, o.view(a, r)
}

// update replaces a record, or the keys of it that the body has.
func (o *customObjects) update(c *call, a *account, object string) (int, any) {
	kind := strings.ToLower(first(c.query["updatetype"], "replace"))
	if kind != "replace" && kind != "partialreplace" {
		return missing("updatetype").answer(c)
	}
	value, p := o.value(c)
	var r *customRecord
	if p == nil {
		r, p = o.find(c, a, object)
	}
	if p != nil {
		return p.answer(c)
	}
	if kind == "partialreplace" {
		merged := maps.Clone(r.value)
		maps.Copy(merged, value)
		value = merged
	}
	r.value, r.modified = value, o.now()
	o.fireData("UpdateCustomObject", func() any { return o.view(a, r) })
	return http.StatusOK, o.view(a, r)
}

func (o *customObjects) remove(c *call, a *account, object string) (int, any) {
	r, p := o.find(c, a, object)
	if p != nil {
		return p.answer(c)
	}
	a.objects[object] = slices.DeleteFunc(a.objects[object], func(other *customRecord) bool { return other == r })
	o.fireData("DeleteCustomObject", func() any { return o.view(a, r) })
	return deleted()
}
