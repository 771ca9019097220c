# make              the C library: shared, static, and its pkg-config file; below target
# make install      PREFIX=/usr/local DESTDIR= STRIP=strip   (make uninstall takes it away again)
# make demo         a Rust and a C program drive an engine: the docker command's own, or a private one
# make test         all tests; the live ones on a private engine, or on the one that DOCKLINE_TEST_HOST names
# make test-engines the live tests on two versions of Docker and on Podman, and a table of what each can do
# make test-adding  that CONTRIBUTING.md lists all that a new operation, option or field touches
# make weight      sizes of the libraries and of small programs, time to build them, and their limits
# make lint         formatting, clippy, shellcheck, documentation
# make header       writes include/dockline.h anew, from src/ffi and build/manual.txt
# make clean

CARGO ?= cargo
INSTALL ?= install
STRIP ?= strip
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

# Each library has its profile in Cargo.toml: the shared one is fast, the static one small.
target := $(or $(CARGO_TARGET_DIR),target)
out := $(target)/capi
static := $(target)/capi-static
version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
soname := $(shell sed -n 's/^const SONAME.*"\(.*\)".*/\1/p' build.rs)
sources := Cargo.toml Cargo.lock build.rs $(shell find build src -type f)
# libgcc is left out: every C compiler adds it by itself, and only it knows whether -static wants the other one.
# Without --gc-sections a static program holds the whole library.
private_libs = -Wl,--gc-sections $(filter-out -lgcc_s -lc,$(shell cat $(static)/native-static-libs))

.PHONY: all install uninstall demo test test-engines test-adding weight lint header clean
.DELETE_ON_ERROR:

all: $(out)/libdockline.so $(static)/libdockline.a pkg-config

$(out)/libdockline.so: $(sources)
	$(CARGO) rustc --locked --profile capi --features capi --lib --crate-type cdylib -- \
		-C llvm-args=--inline-threshold=40
	@touch $@

$(static)/libdockline.a: $(sources)
	$(CARGO) rustc --locked --profile capi-static --features capi --lib --crate-type staticlib -- \
		--print native-static-libs=$(abspath $(static))/native-static-libs
	@touch $@

# Always made, since the directories may be others each time.
.PHONY: pkg-config
pkg-config: $(static)/libdockline.a
	@sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(version)|; s|@PRIVATE_LIBS@|$(private_libs)|' dockline.pc.in >$(out)/dockline.pc

install: all
	$(INSTALL) -d $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 include/dockline.h $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(static)/libdockline.a $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 755 $(out)/libdockline.so $(DESTDIR)$(LIBDIR)/libdockline.so.$(version)
	$(STRIP) --strip-unneeded $(DESTDIR)$(LIBDIR)/libdockline.so.$(version)
	$(STRIP) --strip-debug $(DESTDIR)$(LIBDIR)/libdockline.a
	ln -sf libdockline.so.$(version) $(DESTDIR)$(LIBDIR)/$(soname)
	ln -sf $(soname) $(DESTDIR)$(LIBDIR)/libdockline.so
	$(INSTALL) -m 644 $(out)/dockline.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || PATH=$$PATH:/sbin:/usr/sbin ldconfig

uninstall:
	rm -f $(DESTDIR)$(INCLUDEDIR)/dockline.h $(DESTDIR)$(LIBDIR)/libdockline.a $(DESTDIR)$(LIBDIR)/libdockline.so \
		$(DESTDIR)$(LIBDIR)/$(soname) $(DESTDIR)$(LIBDIR)/libdockline.so.$(version) $(DESTDIR)$(LIBDIR)/pkgconfig/dockline.pc

demo:
	scripts/demo

test:
	scripts/test

test-engines:
	scripts/test-engines

weight:
	scripts/weight

test-adding:
	scripts/test-adding

lint:
	scripts/lint

header:
	DOCKLINE_WRITE_HEADER=1 $(CARGO) check --locked --features header

clean:
	$(CARGO) clean
