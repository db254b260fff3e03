# locktop: `make demo` shows it, `make test` proves it. Both install what is missing (Debian packages only).

SWIFT ?= swift
PACKAGES = libncurses-dev libsqlite3-dev libcurl4-openssl-dev
CHECKED = --explicit-target-dependency-import-check error
# Without a table of names for others to link against, 2 MB that nobody looks at; and with addresses to adjust at a start
# packed, 3 MB that would be read at each, which the loader understands from glibc 2.36 on and the toolchain's linker writes.
RELEASE = -c release --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic -Xswiftc -use-ld=lld $(PACKED)
PACKED != getconf GNU_LIBC_VERSION | awk '{ split($$2, v, "."); if (v[1] * 1000 + v[2] >= 2036) print "-Xlinker -z -Xlinker pack-relative-relocs" }'

.PHONY: all demo build install uninstall dist deb test test-release test-plone test-servers test-deb bench golden screenshots format lint packages clean

all: build

## Build the release binary: .build/release/locktop
build: packages
	@$(SWIFT) build $(RELEASE) --product locktop >&2

## Open the dashboard on the embedded demo server; without a terminal, print the table once
demo: build
	@.build/release/locktop demo

## Put the program, its manual, its completions and the licences below PREFIX
PREFIX ?= /usr/local
BINARY ?= .build/release/locktop
install: $(BINARY)
	Sources/Packaging/stage.sh $(BINARY) "$(DESTDIR)" "$(PREFIX)"

## Take all of it away again
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/locktop" "$(DESTDIR)$(PREFIX)"/share/man/man1/locktop.1 \
	  "$(DESTDIR)$(PREFIX)"/share/man/man1/locktop-*.1 "$(DESTDIR)$(PREFIX)"/share/man/man5/locktop-*.5 \
	  "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/locktop" \
	  "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_locktop" \
	  "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/locktop.fish"
	rm -rf "$(DESTDIR)$(PREFIX)/share/doc/locktop"

## One archive with the program, its manual, its completions and checksums: dist/
dist: $(BINARY)
	Sources/Packaging/dist.sh $(BINARY) dist

## A Debian package: dist/; DEBFULLNAME and DEBEMAIL, or else git, say who answers for it
deb: $(BINARY)
	Sources/Packaging/deb.sh $(BINARY) dist

# Built anew where sources have changed; a binary that is named is taken as it is.
.build/release/locktop: build

## Build and run every test but those that want a real server
TESTS = $(notdir $(wildcard Tests/*Tests))
test: packages
	$(SWIFT) build --build-tests $(CHECKED)
	@$(MAKE) $(TOGETHER) $(addprefix run-,$(LONGEST) $(filter-out $(LONGEST),$(TESTS)))

## The tests of the whole program once more, on the one that is installed: optimization may have made another of it
RELEASED = EndToEndTests CommandTests
test-release: build
	$(SWIFT) build --build-tests $(CHECKED)
	@LOCKTOP_PROGRAM="$(CURDIR)/.build/release/locktop" $(MAKE) $(TOGETHER) $(addprefix run-,$(RELEASED))
	@command -v valgrind > /dev/null || { echo "skipped: the instructions of a key, for valgrind is not installed" >&2; exit 0; }; \
	$(SWIFT) build $(RELEASE) --product locktop-bench >&2 && .build/release/locktop-bench --only instructions

# Two targets at a time, since most tests wait for a program most of the time; what each says stays together, and all
# are run whatever fails.
TOGETHER = --no-print-directory --jobs=2 --output-sync=target --keep-going
LONGEST = EndToEndTests CommandTests
run-%:
	@echo "== $*"; $(SWIFT) test --skip-build --no-parallel --ignore-lock --filter "^$*\."

## The tests against a real Plone, which this installs under Tests/.servers
test-plone: packages
	Tests/Servers/test-plone.sh

## The Debian package in a Debian 12 of its own, where a new user tries it and its service is started; needs root
test-deb: $(BINARY)
	deb=$$(DEBFULLNAME=Tests DEBEMAIL=tests@localhost Sources/Packaging/deb.sh $(BINARY) .build/deb) && \
	Tests/Package/clean-root.sh "$$deb"

## The tests against servers and clients that are not ours: a realm, proxies, file servers, git-lfs; installs them
test-servers: packages
	Tests/Servers/test-servers.sh install

## The budgets of the README beside what other programs need, measured in one run
bench: packages
	@$(call want,htop,htop) ; $(call want,tig,tig) ; $(call want,curl,curl) ; $(call want,valgrind,valgrind) ; $(call want,jq,jq)
	@[ -x /usr/sbin/nginx ] || $(root) apt-get install -y -q nginx-light >&2
	$(SWIFT) build $(RELEASE) --product locktop >&2
	$(SWIFT) build $(RELEASE) --product locktop-bench >&2
	@.build/release/locktop-bench

## Write the golden files anew; look at the difference before you keep it
golden: packages
	LOCKTOP_GOLDEN=rewrite $(SWIFT) test

## Pictures of the running program, into screenshots/
screenshots: build
	@$(call want,tmux,tmux)
	$(SWIFT) build $(RELEASE) --product ScreenPicture >&2
	Tests/Screenshots/make.sh

format:
	$(SWIFT) format -i -r Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict -r Package.swift Sources Tests

clean:
	rm -rf .build dist Tests/.servers

# $(call want,command,package): installs a package whose command is missing.
want = command -v $(1) >/dev/null || $(root) apt-get install -y -q $(2) >&2
root = $$([ "$$(id -u)" = 0 ] || echo sudo)

packages:
	@missing=; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] || { echo "installing$$missing" >&2; \
	  $(root) apt-get update -q >&2 && $(root) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $$missing >&2; }
