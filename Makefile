# Everything that a contributor runs. `make test` installs what the tests need if it
# can: Debian packages as root, Go modules, npm packages.
#
# The repository holds several modules, listed in go.work. The go command uses go.work
# for development: in this file, `work` stands for the packages of all modules. Users
# get the versions of each module's own go.mod instead, so that .ci/each repeats a
# command in every module with GOWORK=off.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCILINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
PKGS         = work
ADAPTERS     = ./nethttp ./ginlr ./echolr ./echolr/v5 ./fiberlr ./fiberlr/v3
LIBRARY      = ./core ./core/web $(ADAPTERS)
comma        = ,
space        = $(subst ,, )
STEP         = @./.ci/step
EACH         = @./.ci/each

.PHONY: size help run test deps check allocs workspace race fast lint tidy fuzz bench cover screenshots client fmt

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## the gin example on http://127.0.0.1:8080
	$(GO) run ./examples/gin

test: ## what CI runs; as root it installs chromium, node, npm and redis-server
	@start=$$(date +%s); \
	$(MAKE) --no-print-directory deps check allocs workspace race && \
	echo "make test: everything passed, $$(( $$(date +%s) - start )) s"

deps: ## install what the tests need besides Go
	$(STEP) "install what the tests need" ./.ci/deps

check: ## formatting, go.mod, vet, staticcheck, in every module
	$(STEP) "gofmt" sh -c 'out="$$(gofmt -l .)"; [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }'
	$(EACH) $(GO) mod tidy -diff
	$(EACH) $(GO) vet ./...
	$(STEP) "go.work: go vet" $(GO) vet $(PKGS)
	$(STEP) "go.work: staticcheck" $(GO) run $(STATICCHECK) $(PKGS)

allocs: ## what a cached request may allocate; without the race detector, which allocates itself
	$(STEP) "allocation budgets" $(GO) test -run Alloc $(LIBRARY)

# go.work selects the highest version of a dependency that any module asks for. All tests
# run without it, see race; the adapters' run with it as well, and there without -short,
# which has the longest tables sampled and the largest loads made smaller.
workspace: ## the tests that -short samples, by go.work and without the race detector
	$(STEP) "go.work: adapters" $(GO) test -timeout 10m $(ADAPTERS)
	$(STEP) "the session cache in full" $(GO) test -timeout 10m -run 'Session|Store' ./core ./core/internal/sessions

race: ## all tests of every module by its own go.mod, with the race detector
	$(EACH) $(GO) test -race -short -timeout 14m ./...

fast: ## the tests without the race detector and without installing anything; PKGS=./core for one package
	$(STEP) "tests of $(PKGS)" $(GO) test $(PKGS)

tidy: ## go mod tidy in every module
	$(EACH) $(GO) mod tidy

lint: ## all linters; slow the first time, since it builds them
	$(EACH) $(GO) run $(GOLANGCILINT) run ./...

fuzz: ## each fuzz target for a minute
	@for pkg in ./core ./core/web ./core/emulator; do \
	  for t in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime 1m $$pkg || exit 1; done; done

size: ## what guard, routes and pages add to the binary of a minimal gin application
	@./.ci/size

bench: ## RequireLogin beside a sketch and the usual JWT middlewares, and what a shared store costs; on an idle machine
	cd examples/benchmarks && $(GO) run .
	cd examples/replicas && $(GO) run ./bench
	@$(GO) test ./core -run '^TestSession(Load|ColdStart)$$' -count=1 -v > bench-load.out || { cat bench-load.out; rm bench-load.out; exit 1; } # in simulated time
	@sed -n 's/.*bench row: //p' bench-load.out; rm bench-load.out

cover: ## statement coverage of the library by its tests, in coverage.html
	$(GO) test -coverprofile=coverage.out -coverpkg=$(subst $(space),$(comma),$(LIBRARY)) $(LIBRARY) ./core/adaptertest > /dev/null
	$(GO) tool cover -html=coverage.out -o coverage.html
	@$(GO) tool cover -func=coverage.out | tail -1

screenshots: ## pictures of all pages in all languages, light and dark, on phone and desktop, in screenshots/
	mkdir -p screenshots && SCREENSHOTS="$(CURDIR)/screenshots" $(GO) test -count=1 -timeout 60m -run TestLook ./examples

client: ## the typed client of examples/spa, from its OpenAPI document
	$(GO) test -count=1 -run TestClient ./examples/spa -update

fmt:
	gofmt -w .
