# Everything a contributor runs. `make test` installs what the tests need where it
# can: Debian's packages as root, Go modules, npm packages.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCILINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
PKGS         = ./...
COVERED      = ./core,./core/web,./nethttp,./ginlr,./echolr,./fiberlr

.PHONY: help run test deps check race allocs benchmarks fast lint fuzz bench cover screenshots fmt

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## the gin example on http://127.0.0.1:8080
	$(GO) run ./examples/gin

test: deps check allocs benchmarks race ## what CI runs; as root it installs chromium, node and npm

deps: ## what the tests need besides Go
	@./.ci/deps

check: ## formatting, go.mod, vet, staticcheck
	@out="$$(gofmt -l .)"; if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) vet $(PKGS)
	$(GO) run $(STATICCHECK) $(PKGS)

race: ## all tests, with the race detector
	$(GO) test -race -timeout 14m $(PKGS)

allocs: ## what a cached request may allocate; without the race detector, which allocates itself
	$(GO) test -run Alloc ./core ./core/web ./nethttp ./ginlr ./echolr ./fiberlr

benchmarks: ## that the benchmarks, a module of their own, still build
	cd examples/benchmarks && $(GO) vet ./...

fast: ## the tests without the race detector and without installing anything; PKGS=./core for one package
	$(GO) test $(PKGS)

lint: ## all linters; slow the first time, since it builds them
	$(GO) run $(GOLANGCILINT) run $(PKGS)

fuzz: ## each fuzz target for a minute
	@for pkg in ./core ./core/web ./core/emulator; do \
	  for t in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime 1m $$pkg || exit 1; done; done

bench: ## RequireLogin beside a sketch and the usual JWT middlewares; on an idle machine
	cd examples/benchmarks && $(GO) run .

cover: ## statement coverage of the library by its tests, in coverage.html
	$(GO) test -coverprofile=coverage.out -coverpkg=$(COVERED) ./core ./core/web ./core/adaptertest ./nethttp ./ginlr ./echolr ./fiberlr > /dev/null
	$(GO) tool cover -html=coverage.out -o coverage.html
	@$(GO) tool cover -func=coverage.out | tail -1

screenshots: ## pictures of the pages, in screenshots/
	mkdir -p screenshots && SCREENSHOTS="$(CURDIR)/screenshots" $(GO) test -count=1 -run 'TestJourneyInBrowser/gin|TestLook' ./examples

fmt:
	gofmt -w .
