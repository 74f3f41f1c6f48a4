package emulator

// TB is what [StartT] needs of a *testing.T, *testing.B or *testing.F.
type TB interface {
	Helper()
	Cleanup(do func())
	Fatal(args ...any)
	Error(args ...any)
}

// StartT starts an emulator for a test: quiet, on a free port on 127.0.0.1, and
// closed when the test ends. The test fails at once if it cannot start.
func StartT(t TB, opts ...Option) *Server {
	t.Helper()
	srv, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
		return nil
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv
}
