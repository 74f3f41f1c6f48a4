# Everything a contributor runs. `make test` installs what the tests need where it
# can (Debian's packages as root, Go modules, npm packages).

GO         ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PKGS        = ./...

.PHONY: help test race fast deps lint fuzz bench cover run fmt

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## the gin example on http://127.0.0.1:8080
	$(GO) run ./examples/gin

deps: ## what the tests need besides Go
	@./.ci/deps

test: deps lint race ## what CI runs

race:
	$(GO) test -race -timeout 14m $(PKGS)

fast: ## the tests without the race detector and without installing anything
	$(GO) test $(PKGS)

lint: ## formatting, vet, staticcheck
	@out="$$(gofmt -l .)"; if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet $(PKGS)
	$(GO) run $(STATICCHECK) $(PKGS)

fuzz: ## each fuzz target for a minute
	@for t in $$($(GO) test -list '^Fuzz' ./core ./core/web | grep '^Fuzz'); do \
	  pkg=$$(grep -rl "func $$t(" core --include='*_test.go' | head -1 | xargs dirname); \
	  $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime 1m ./$$pkg || exit 1; done

bench: ## the session cache's benchmarks
	$(GO) test -run '^$$' -bench . -benchmem -cpu 1,2 ./core

cover: ## statement coverage by package
	$(GO) test -coverprofile=coverage.out -coverpkg=./core/...,./nethttp,./ginlr,./echolr,./fiberlr $(PKGS) > /dev/null
	$(GO) tool cover -func=coverage.out | tail -1

fmt:
	gofmt -w .
