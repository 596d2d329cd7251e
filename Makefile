# Every target prints its purpose with `make help`.
GO ?= go
TOOL = $(GO) tool -modfile=tools/go.mod
FUZZTIME ?= 5s
FUZZSHARE ?= 1

.DEFAULT_GOAL := help
.PHONY: screenshots help demo test test-race lint mutate generate fresh fuzz bench bench-changes bench-load build

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## run stand-ins and a gateway on loopback, with a tour
	$(GO) run ./cmd/zhengqiao demo

build: ## build the program into ./zhengqiao, static
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o zhengqiao ./cmd/zhengqiao

test: ## all tests, Rego tests and policy cases included
	$(GO) test ./...

test-race: ## the same under the race detector
	$(GO) test -race ./...

lint: ## formatting, go vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

lint-policies: ## regal on the policies; its first run builds regal, which takes minutes
	$(GO) tool -modfile=tools/regal.mod regal lint --config-file tools/regal.yaml policies

mutate: ## one mistake at a time in the policies: does a test notice?
	$(GO) run ./cmd/zhengqiao policy mutate

generate: ## make the generated files anew
	$(GO) generate ./...

fresh: generate ## fail if a generated file was not committed
	@git diff --exit-code --stat -- gateway/api deploy/grafana/dashboards

fuzz: ## fuzz targets for FUZZTIME each, all or every FUZZSHAREth
	@./scripts/fuzz.sh $(FUZZTIME) $(FUZZSHARE)

bench: ## gateway against a plain proxy, in one run, and the micro-benchmarks
	$(GO) run ./cmd/zhengqiao bench
	$(GO) test -run '^$$' -bench . -benchmem ./...

screenshots: ## draw the console's pages into docs/pictures; needs chromium
	mkdir -p docs/pictures
	SCREENSHOTS=$(CURDIR)/docs/pictures $(GO) test -count=1 -run TestScreenshots -v ./gateway/console/browsertest

bench-changes: ## the synchronisation of changes: accepting, telling, catching up, growing
	$(GO) run ./cmd/zhengqiao bench changes

bench-load: ## what others notice of a greedy platform and of a slow source
	$(GO) run ./cmd/zhengqiao bench load
