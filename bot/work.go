package bot

import "sync"

// work counts the deliveries being handled. Unlike a WaitGroup it may be waited for while more arrive.
type work struct {
	mu      sync.Mutex
	running int
	waiting []chan struct{}
}

// start runs the delivery on its own.
func (w *work) start(deliver func()) {
	w.mu.Lock()
	w.running++
	w.mu.Unlock()
	go func() {
		defer w.end()
		deliver()
	}()
}

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running--
	if w.running > 0 {
		return
	}
	for _, idle := range w.waiting {
		close(idle)
	}
	w.waiting = nil
}

// idle is closed when nothing is being handled.
func (w *work) idle() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	idle := make(chan struct{})
	if w.running == 0 {
		close(idle)
		return idle
	}
	w.waiting = append(w.waiting, idle)
	return idle
}
