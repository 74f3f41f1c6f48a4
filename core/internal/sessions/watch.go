package sessions

// watchers holds the watchers of the sessions, by token and by account.
type watchers struct {
	byKey map[Key]map[*Watcher]struct{}
	byUID map[string]map[*Watcher]struct{}
}

// A Watcher has a channel that is closed when its session was ended or refused, or when
// the cache is closed.
type Watcher struct {
	done  chan struct{}
	doubt chan struct{}
	key   Key
	uid   string
	over  bool // guarded by the cache's lock
}

// Done returns the channel.
func (w *Watcher) Done() <-chan struct{} { return w.done }

// Doubt returns a channel that gets a value when something changed about the account: the
// session may have ended, and should be asked for again.
func (w *Watcher) Doubt() <-chan struct{} { return w.doubt }

// Watch returns a watcher of a token's session. Call Unwatch when it is of no use any
// more.
func (c *Cache[S]) Watch(key Key, uid string) *Watcher {
	w := &Watcher{done: make(chan struct{}), doubt: make(chan struct{}, 1), key: key, uid: uid}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		close(w.done)
		w.over = true
		return w
	}
	if c.watchers.byKey == nil {
		c.watchers.byKey, c.watchers.byUID = map[Key]map[*Watcher]struct{}{}, map[string]map[*Watcher]struct{}{}
	}
	add(c.watchers.byKey, key, w)
	add(c.watchers.byUID, uid, w)
	return w
}

// Unwatch drops a watcher.
func (c *Cache[S]) Unwatch(w *Watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers.drop(w)
}

func add[K comparable](m map[K]map[*Watcher]struct{}, key K, w *Watcher) {
	if m[key] == nil {
		m[key] = map[*Watcher]struct{}{}
	}
	m[key][w] = struct{}{}
}

func (s *watchers) drop(w *Watcher) {
	if w.over {
		return
	}
	w.over = true
	if delete(s.byKey[w.key], w); len(s.byKey[w.key]) == 0 {
		delete(s.byKey, w.key)
	}
	if delete(s.byUID[w.uid], w); len(s.byUID[w.uid]) == 0 {
		delete(s.byUID, w.uid)
	}
}

func (s *watchers) finish(set map[*Watcher]struct{}) {
	for w := range set {
		if !w.over {
			s.drop(w)
			close(w.done)
		}
	}
}

func (s *watchers) doubtUser(uid string) {
	for w := range s.byUID[uid] {
		select {
		case w.doubt <- struct{}{}:
		default: // it has yet to look
		}
	}
}

func (s *watchers) end(key Key)        { s.finish(s.byKey[key]) }
func (s *watchers) endUser(uid string) { s.finish(s.byUID[uid]) }
func (s *watchers) endAll() {
	for key := range s.byKey {
		s.end(key)
	}
}
