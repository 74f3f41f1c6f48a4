package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) profileRoutes() []route {
	return []route{
		userRoute("get_profile_by_access_token", "GET", authPath+"account", e.ownProfile),
		userRoute("update_profile_by_access_token", "PUT", authPath+"account", e.updateOwnProfile),
		userRoute("send_welcome_email", "GET", authPath+"account/sendwelcomeemail", e.sendWelcome),
		userRoute("set_or_change_user_name", "PUT", authPath+"username", e.setUsername),
	}
}

// settable returns the documented spelling of a key that a profile body may set, or ""
// for keys that only the service or an operation of their own sets.
func settable(lower string) string {
	switch lower {
	case "consentprofile", "created", "identities", "isdeleted", "iscustomuid", "ispasswordbreached", "issecurepassword", "lastloginlocation",
		"lastpasswordchangetoken", "lruserid", "password", "passwordexpirationdate", "pin", "previousuids", "privacypolicy",
		"profilemodifieddate", "provideraccesscredential", "unverifiedemail":
		return ""
	}
	for _, keys := range [][]string{nullKeys, zeroKeys, falseKeys} {
		for _, k := range keys {
			if strings.EqualFold(k, lower) {
				return k
			}
		}
	}
	return ""
}

func (e *Emulator) ownProfile(c *call, a *account) (int, any) {
	return http.StatusOK, e.profile(c, a)
}

// socialProfile is the profile of the provider that the session came from.
func (e *Emulator) socialProfile(c *call, a *account) (int, any) {
	p := e.profile(c, a)
	if _, ok := p["Provider"]; ok {
		p["Provider"] = c.session.provider
	}
	return http.StatusOK, p
}

func (e *Emulator) updateOwnProfile(c *call, a *account) (int, any) {
	if p := e.merge(c, a, false); p != nil {
		return p.answer(c)
	}
	e.fire("UpdateProfile", a)
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.profile(c, a)}
}

func (e *Emulator) setUsername(c *call, a *account) (int, any) {
	name := c.text("username")
	if name == "" {
		return missing("username").answer(c)
	}
	if p := e.rename(a, name); p != nil {
		return p.answer(c)
	}
	e.accounts.put(a)
	e.fire("SetUsername", a)
	return posted(c)
}

func (e *Emulator) sendWelcome(c *call, a *account) (int, any) {
	if !a.emailVerified {
		return fail(c, core.CodeEmailNotVerified)
	}
	e.mailWelcome(a)
	return posted(c)
}

// merge writes a profile body into the account, as far as the sender may. If part of it
// is refused, nothing changes. Nulls count only with nullsupport.
func (e *Emulator) merge(c *call, a *account, managed bool) *problem {
	nulls := c.flag("nullsupport")
	fields, p := e.customFields(c, a, nulls)
	if p != nil {
		return p
	}
	extra := maps.Clone(a.extra)
	for key, value := range c.body {
		if name := settable(key); name != "" && key != "customfields" && (value != nil || nulls) {
			extra[name] = mergeList(extra[name], value)
		}
	}
	if fields != nil {
		extra["CustomFields"] = fields
	}
	answers := a.answers
	if v, ok := c.body["securityquestionanswer"]; ok && v != nil {
		if answers, p = e.readAnswers(v); p != nil {
			return p
		}
	}
	phone := first(c.text("phoneid"), a.phone)
	if encoded, _ := json.Marshal([]any{extra, answers, phone, a.emailList()}); len(encoded) > e.opt.max.profile {
		return refuse(core.CodeBodyInvalid)
	}
	if phone != a.phone {
		if _, p := e.phones.number(phone); p != nil {
			return p
		}
		if p := e.phones.free(a, phone); p != nil {
			return p
		}
	}
	if name := c.text("username"); name != "" {
		if p := e.rename(a, name); p != nil {
			return p
		}
	}
	if phone != a.phone {
		a.phone, a.phoneVerified = phone, false
	}
	for key, value := range c.body {
		if on, ok := value.(bool); ok && managed {
			e.setFlag(a, key, on)
		}
	}
	a.extra, a.answers, a.modified = extra, answers, e.now()
	if e.accounts.byUID(a.uid) != nil {
		e.accounts.put(a)
	}
	return nil
}

func (e *Emulator) rename(a *account, name string) *problem {
	name = strings.ToLower(name)
	switch owner := e.accounts.byUsername(name); {
	case owner != nil && owner != a:
		return refuse(core.CodeUsernameAlreadyRegistered)
	case strings.ContainsAny(name, " \t\r\n") || len(name) > 32:
		return refuse(core.CodeUsernameInvalid)
	}
	a.username = name
	return nil
}

// customFields returns the account's custom fields with those of the body, or nil
// if the body has none.
func (e *Emulator) customFields(c *call, a *account, nulls bool) (map[string]any, *problem) {
	given, ok := c.body["customfields"].(map[string]any)
	if !ok {
		return nil, nil
	}
	fields := map[string]any{}
	if old, ok := a.extra["CustomFields"].(map[string]any); ok {
		maps.Copy(fields, old)
	}
	for name, value := range given {
		if e.opt.customFields != nil && !e.opt.customFields[name] {
			return nil, refuse(core.CodeCustomFieldInvalid)
		}
		switch {
		case value != nil:
			fields[name] = value
		case nulls:
			delete(fields, name)
		}
	}
	return fields, nil
}

// mergeList replaces old by value. If value is a list with items that have
// "op":"delete", it removes those items from old and adds the others instead.
func mergeList(old, value any) any {
	items, ok := value.([]any)
	if !ok || !slices.ContainsFunc(items, isDeletion) {
		return value
	}
	kept, _ := old.([]any)
	kept = slices.Clone(kept)
	for _, item := range items {
		if !isDeletion(item) {
			kept = append(kept, item)
			continue
		}
		want := fold(item)
		delete(want, "op")
		kept = slices.DeleteFunc(kept, func(k any) bool { return reflect.DeepEqual(fold(k), want) })
	}
	return kept
}

func isDeletion(item any) bool {
	op, _ := fold(item)["op"].(string)
	return strings.EqualFold(op, "delete")
}

// setFlag sets a flag that only management may set.
func (e *Emulator) setFlag(a *account, key string, on bool) {
	switch key {
	case "emailverified":
		a.emailVerified = on
	case "phoneidverified":
		a.phoneVerified = on
	case "isactive":
		a.active = on
	case "disablelogin":
		a.loginDisabled = on
	case "isloginlocked":
		if a.lock = (lock{}); on {
			e.lockAccount(a)
		}
	}
}
