package emulator

type customObjectRules struct {
	names       []string
	managedOnly bool
	emptyList   bool
}

// WithCustomObjects declares the custom objects of the site, by name. Default: none,
// so that calls about them are refused (999).
func WithCustomObjects(names ...string) Option {
	return func(o *options) { o.customObjects.names = names }
}

// WithManagedCustomObjects forbids the calls about custom objects by access token
// (909). Default: users may read and write their own.
func WithManagedCustomObjects() Option {
	return func(o *options) { o.customObjects.managedOnly = true }
}

// WithEmptyCustomObjectList answers an empty list for an account without records. By
// default that is an error (1057), as the API reference says.
func WithEmptyCustomObjectList() Option {
	return func(o *options) { o.customObjects.emptyList = true }
}

// WithDefaultRoles gives the roles to every user who registers. They are defined on
// the site. Default: none.
func WithDefaultRoles(names ...string) Option {
	return func(o *options) { o.defaultRoles = names }
}
