# make              builds the C library, shared and static, and its pkg-config file, below target
# make install      installs them; PREFIX=/usr/local DESTDIR= STRIP=strip
# make uninstall    removes the installed files
# make demo         runs a Rust and a C program on the engine that the docker CLI would use, or on a private one
# make test         runs all tests; the live tests on a private engine, or on the engine in DOCKLINE_TEST_HOST
# make test-engines runs the live tests on two versions of Docker and on Podman, and prints a table of the results
# make test-adding  tests that the lists of files in CONTRIBUTING.md are complete
# make weight       measures sizes and build times of the library and of small programs, and checks their limits
# make lint         checks formatting, clippy, shellcheck and rustdoc
# make header       generates include/dockline.h from src/ffi, src/api and build/manual.txt
# make clean        removes the target directory

CARGO ?= cargo
INSTALL ?= install
STRIP ?= strip
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

# Each library has its own profile in Cargo.toml: the shared one for speed, the static one for size.
target := $(or $(CARGO_TARGET_DIR),target)
out := $(target)/capi
static := $(target)/capi-static
version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
soname := $(shell sed -n 's/^const SONAME.*"\(.*\)".*/\1/p' build.rs)
sources := Cargo.toml Cargo.lock build.rs $(shell find build src -type f)
# Without libgcc: C compilers add the right variant, which depends on -static. Without --gc-sections, a static program
# contains the whole library.
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

# Phony, because the file depends on PREFIX, LIBDIR and INCLUDEDIR.
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
