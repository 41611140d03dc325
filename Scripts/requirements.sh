# Sourced by the other scripts: what they need from the machine.
# shellcheck shell=bash

# The oldest Swift that builds the package.
readonly required_swift=6.3

# Says something to the person at the terminal; standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# Ends the script with a reason.
fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# Prints the comment at the head of the script that runs, which is its manual.
show_help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

# Installs Debian packages where that is allowed, and tells the line to run where it is not.
install_packages() {
    local line="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null; then
        fail "missing: $*. Install them with this system's package manager, then run this again."
    elif [[ $(id -u) -ne 0 ]]; then
        fail "missing: $*. Run this, then this script again:
    sudo sh -c '$line'"
    fi
    say "Installing $*"
    # A mirror that is out of reach now and then must not end it while the package can be had.
    apt-get update >&2 || say "apt-get update failed; trying to install all the same."
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}

# Checks for the headers of the libraries that tests bind, and installs those that are missing.
require_stock_libraries() {
    local packages=() pair
    for pair in sqlite3.h:libsqlite3-dev png.h:libpng-dev curl.h:libcurl4-openssl-dev zstd.h:libzstd-dev; do
        [[ -n $(find /usr/include -name "${pair%%:*}" -print -quit) ]] || packages+=("${pair#*:}")
    done
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
}

# Checks for compilers, git and Swift, and installs what can be installed.
require_tools() {
    local packages=()
    command -v cc >/dev/null || packages+=(gcc libc6-dev)
    # async-http-client holds C++ and reads compressed answers with zlib.
    command -v c++ >/dev/null || packages+=(g++)
    [[ -e /usr/include/zlib.h || -e /usr/local/include/zlib.h ]] || packages+=(zlib1g-dev)
    [[ -e /usr/include/pcre2.h || -e /usr/local/include/pcre2.h ]] || packages+=(libpcre2-dev)
    [[ -n $(find /usr/include /usr/local/include -name ffi.h -print -quit 2>/dev/null) ]] || packages+=(libffi-dev)
    # What the sample bindings are for, and is loaded when they are.
    ldconfig -p | grep -F libsqlite3.so.0 >/dev/null || packages+=(libsqlite3-0)
    command -v git >/dev/null || packages+=(git ca-certificates)
    command -v readelf >/dev/null || packages+=(binutils)
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi

    if ! command -v swift >/dev/null; then
        fail "Swift $required_swift or later is needed and not there. Get it from https://www.swift.org/install/linux/ and put its usr/bin in PATH."
    fi
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [[ -z $version ]]; then
        fail "\`swift --version\` at $(command -v swift) does not tell its version. Is that a whole toolchain?"
    fi
    if [[ $(printf '%s\n%s\n' "$required_swift" "$version" | sort -V | head -n 1) != "$required_swift" ]]; then
        fail "Swift $required_swift or later is needed; $(command -v swift) is $version. Get a later one from https://www.swift.org/install/linux/."
    fi
}
