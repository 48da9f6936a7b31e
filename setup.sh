# Shared by ./demo and ./test: installs what is missing and says what. Sourced, not run.

say() { echo "== $*"; }

target=${CARGO_TARGET_DIR:-$PWD/target}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Rust itself must be there. A C compiler links every Rust program and builds SQLite and the cipher.
need_compiler() {
    if ! command -v cargo >/dev/null 2>&1; then
        echo "Rust is missing: install Rust 1.95 or newer with rustup, then run this again" >&2
        exit 1
    fi
    if command -v cc >/dev/null 2>&1 && echo 'int main(void){return 0;}' | cc -x c -o /dev/null - 2>/dev/null; then
        return
    fi
    say "installing a C compiler (gcc, libc6-dev): it links Rust programs and builds SQLite"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
}

build_release() {
    if [ -x "$target/release/candor" ]; then
        say "building the release binary: only what changed"
    else
        say "building the release binary: about two minutes on two cores the first time"
    fi
    cargo build --release --locked --workspace --bins
}
