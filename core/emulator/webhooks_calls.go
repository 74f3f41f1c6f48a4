package emulator

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (w *webhooks) webhookRoutes() []route {
	const legacy = "api/v2/webhook"
	routes := []route{
		manageRoute("webhook_subscribe", "POST", legacy, w.subscribe),
		manageRoute("webhook_list", "GET", legacy, w.subscriptions),
		manageRoute("webhook_unsubscribe", "DELETE", legacy, w.unsubscribe),
		manageRoute("webhook_test", "GET", legacy+"/test", w.allowed),
	}
	for _, path := range []string{"v2/manage/webhooks", "v2/manage/webhook"} { // of the SDKs, and of the guides
		routes = append(routes,
			manageRoute("create_webhook_subscription", "POST", path, w.create),
			manageRoute("list_all_webhooks", "GET", path, w.list),
			manageRoute("get_webhook_events", "GET", path+"/events", w.listEvents),
			manageRoute("get_webhook_subscription_detail", "GET", path+"/{hookid}", w.show),
			manageRoute("update_webhook_subscription", "PUT", path+"/{hookid}", w.update),
			manageRoute("delete_webhook_subscription", "DELETE", path+"/{hookid}", w.remove),
		)
	}
	return routes
}

// maxWebhooks is how many subscriptions one event may have.
const maxWebhooks = 5

// The codes of this family that the published table lacks. The status of the
// duplicate is a guess.
const (
	codeWebhookParameter core.ErrorCode = 7900
	codeWebhookUnknown   core.ErrorCode = 7986
	codeWebhookDuplicate core.ErrorCode = 7989
)

func refuseParameter(description string) *problem {
	return &problem{codeWebhookParameter, map[string]any{"Description": description}}
}

// accepts reports whether events may be sent to an address: by HTTPS, or by HTTP to
// this machine. An emulator that others can reach may itself reach others by HTTP.
func (w *webhooks) accepts(target string) bool {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() || w.opt.anyAddress
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// find returns the subscription of an event to an address, and how many the event has.
func (w *webhooks) find(event, target string) (found *webhook, count int) {
	for _, h := range w.hooks {
		if h.event == event {
			if count++; h.target == target {
				found = h
			}
		}
	}
	return found, count
}

func (w *webhooks) create(c *call, _ *account) (int, any) {
	h := &webhook{
		id: newID()[:24], target: c.text("targeturl"), event: eventNamed(c.text("event")), name: c.text("name"), secretName: c.text("secretname"),
		created: w.now(), modified: w.now(),
	}
	_, known := w.opt.webhooks.secrets[h.secretName]
	found, count := w.find(h.event, h.target)
	switch {
	case h.event == "":
		return refuseParameter("The event is invalid.").answer(c)
	case !w.accepts(h.target):
		return refuseParameter("The target URL is invalid.").answer(c)
	case h.secretName != "" && !known:
		return refuseParameter("The secret name is invalid.").answer(c)
	case found != nil:
		return fail(c, codeWebhookDuplicate)
	case count >= maxWebhooks:
		return fail(c, core.CodeWebhookLimitExceeded)
	}
	if p := h.change(c); p != nil {
		return p.answer(c)
	}
	w.hooks = append(w.hooks, h)
	return http.StatusOK, w.view(h)
}

// change sets what an update may set: nothing at all if part of it is refused.
func (h *webhook) change(c *call) *problem {
	invalid := refuseParameter("A header, a query parameter or the authentication is invalid.")
	changed := *h
	for key, into := range map[string]*map[string]string{"headers": &changed.headers, "queryparams": &changed.query} {
		value, given := c.body[key]
		if !given {
			continue
		}
		texts, ok := textMap(value)
		if !ok {
			return invalid
		}
		*into = texts
	}
	if value, given := c.body["authentication"]; given {
		auth := fold(value)
		kind, _ := auth["authtype"].(string)
		basic, bearer := fold(auth["basicauth"]), fold(auth["bearertoken"])
		user, _ := basic["username"].(string)
		password, _ := basic["password"].(string)
		token, _ := bearer["token"].(string)
		changed.basic, changed.bearer = nil, ""
		switch strings.ToLower(kind) {
		case "", "none":
		case "basic":
			changed.basic = &basicAuth{user, password}
		case "bearer", "bearertoken":
			changed.bearer = token
		default:
			return invalid
		}
	}
	*h = changed
	return nil
}

// textMap returns an object of texts; null is an empty one.
func textMap(v any) (map[string]string, bool) {
	if v == nil {
		return nil, true
	}
	m, ok := v.(map[string]any)
	out := make(map[string]string, len(m))
	for key, value := range m {
		text, isText := value.(string)
		if !isText || strings.ContainsAny(key+text, "\r\n") {
			return nil, false
		}
		out[key] = text
	}
	return out, ok
}

// view shows a subscription without its secrets.
func (w *webhooks) view(h *webhook) map[string]any {
	out := map[string]any{
		"Id": h.id, "TargetUrl": h.target, "Event": strings.ToLower(h.event), "Name": h.name, "SecretName": h.secretName,
		"CreatedDate": w.date(h.created), "LastModifiedDate": w.date(h.modified), "IsIntegrationWebhook": false,
		"Headers": nil, "QueryParams": nil, "Authentication": nil,
	}
	if len(h.headers) > 0 {
		out["Headers"] = h.headers
	}
	if len(h.query) > 0 {
		out["QueryParams"] = h.query
	}
	switch {
	case h.basic != nil:
		out["Authentication"] = map[string]any{"AuthType": "Basic", "BasicAuth": map[string]any{"Username": h.basic.user, "Password": ""}}
	case h.bearer != "":
		out["Authentication"] = map[string]any{"AuthType": "Bearer", "BearerToken": map[string]any{"Token": ""}}
	}
	return out
}

func (w *webhooks) list(*call, *account) (int, any) {
	list := []any{}
	for _, h := range w.hooks {
		list = append(list, w.view(h))
	}
	return http.StatusOK, map[string]any{"Data": list}
}

func (w *webhooks) listEvents(*call, *account) (int, any) {
	return http.StatusOK, map[string]any{"Data": events}
}

// byID finds the subscription that the path names.
func (w *webhooks) byID(c *call) (*webhook, *problem) {
	i := slices.IndexFunc(w.hooks, func(h *webhook) bool { return h.id == c.args["hookid"] })
	if i < 0 {
		return nil, refuse(codeWebhookUnknown)
	}
	return w.hooks[i], nil
}

func (w *webhooks) show(c *call, _ *account) (int, any) {
	h, p := w.byID(c)
	if p != nil {
		return p.answer(c)
	}
	return http.StatusOK, w.view(h)
}

func (w *webhooks) update(c *call, _ *account) (int, any) {
	h, p := w.byID(c)
	if p == nil {
		p = h.change(c)
	}
	if p != nil {
		return p.answer(c)
	}
	h.modified = w.now()
	return http.StatusOK, w.view(h)
}

func (w *webhooks) remove(c *call, _ *account) (int, any) {
	h, p := w.byID(c)
	if p != nil {
		return p.answer(c)
	}
	w.drop(h)
	return http.StatusOK, map[string]any{"isdeleted": true}
}

func (w *webhooks) drop(h *webhook) {
	w.hooks = slices.DeleteFunc(w.hooks, func(other *webhook) bool { return other == h })
}

// The older calls know an event and an address alone.

func (w *webhooks) subscribe(c *call, _ *account) (int, any) {
	event, target := eventNamed(c.text("event")), c.text("targeturl")
	found, count := w.find(event, target)
	switch {
	case event == "":
		return fail(c, core.CodeWebhookEventInvalid)
	case !w.accepts(target):
		return fail(c, core.CodeWebhookTargetURLInvalid)
	case found != nil:
		return fail(c, core.CodeWebhookTargetURLAlreadySubscribed)
	case count >= maxWebhooks:
		return fail(c, core.CodeWebhookLimitExceeded)
	}
	w.hooks = append(w.hooks, &webhook{id: newID()[:24], target: target, event: event, created: w.now(), modified: w.now()})
	return http.StatusOK, map[string]any{"IsPosted": true}
}

func (w *webhooks) subscriptions(c *call, _ *account) (int, any) {
	event := eventNamed(c.query["event"])
	if event == "" {
		return fail(c, core.CodeWebhookEventInvalid)
	}
	list := []any{}
	for _, h := range w.hooks {
		if h.event == event {
			list = append(list, map[string]any{"Event": h.event, "TargetUrl": h.target})
		}
	}
	return http.StatusOK, map[string]any{"data": list, "Count": len(list)}
}

func (w *webhooks) unsubscribe(c *call, _ *account) (int, any) {
	h, _ := w.find(eventNamed(c.text("event")), c.text("targeturl"))
	if h == nil {
		return fail(c, core.CodeWebhookTargetURLNotSubscribed)
	}
	w.drop(h)
	return deleted()
}

func (w *webhooks) allowed(*call, *account) (int, any) {
	return http.StatusOK, map[string]any{"IsAllowed": true}
}
