package sessions

// A fairQueue hands out tickets of strangers address by address, so that many tokens
// from one address make only that address wait. Without addresses it is one queue.
type fairQueue struct {
	size    int
	queues  map[string]*addressQueue
	ring    []*addressQueue // non-empty queues, the next one first
	maximum int
}

type addressQueue struct {
	address string
	tickets []*ticket
}

// push appends t. If the queue is full, the newest ticket of the longest address queue
// makes room, which may be t itself; push returns it.
func (q *fairQueue) push(t *ticket) (dropped *ticket) {
	a := q.queues[t.address]
	if a == nil {
		a = &addressQueue{address: t.address}
		if q.queues == nil {
			q.queues = map[string]*addressQueue{}
		}
		q.queues[t.address] = a
		q.ring = append(q.ring, a)
	}
	a.tickets = append(a.tickets, t)
	q.size++
	if q.size <= q.maximum {
		return nil
	}
	longest := a
	for _, other := range q.ring {
		if len(other.tickets) > len(longest.tickets) {
			longest = other
		}
	}
	last := len(longest.tickets) - 1
	dropped = longest.tickets[last]
	longest.tickets[last] = nil
	longest.tickets = longest.tickets[:last]
	q.size--
	if last == 0 {
		q.drop(longest)
	}
	return dropped
}

// peek returns the next ticket that still waits, or nil.
func (q *fairQueue) peek() *ticket {
	for len(q.ring) > 0 {
		a := q.ring[0]
		if t := a.tickets[0]; t.state == waiting {
			return t
		}
		q.take(a)
		if len(a.tickets) == 0 {
			q.drop(a)
		}
	}
	return nil
}

// pop removes the ticket that peek returned; the next one is of another address.
func (q *fairQueue) pop() {
	a := q.ring[0]
	q.take(a)
	if len(a.tickets) == 0 {
		q.drop(a)
		return
	}
	q.ring = append(q.ring[1:], a)
}

func (q *fairQueue) take(a *addressQueue) {
	a.tickets[0] = nil
	a.tickets = a.tickets[1:]
	q.size--
}

func (q *fairQueue) drop(a *addressQueue) {
	delete(q.queues, a.address)
	for i, other := range q.ring {
		if other == a {
			q.ring = append(q.ring[:i], q.ring[i+1:]...)
			return
		}
	}
}

// ahead estimates how many tickets go before a new one of the address.
func (q *fairQueue) ahead(address string) int {
	own := 0
	if a := q.queues[address]; a != nil {
		own = len(a.tickets)
	}
	return min(q.size, (own+1)*max(1, len(q.ring))-1)
}

// A fifo is a queue of tickets. Dropped tickets are skipped.
type fifo []*ticket

func (q *fifo) peek() *ticket {
	for len(*q) > 0 && (*q)[0].state != waiting {
		q.pop()
	}
	if len(*q) == 0 {
		return nil
	}
	return (*q)[0]
}

func (q *fifo) pop() {
	(*q)[0] = nil
	*q = (*q)[1:]
}
