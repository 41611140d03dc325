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

# True if the C compiler finds a header. That of PCRE2 wants to know a width.
has_header() {
    printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <%s>\n' "$1" | cc -E -x c -o /dev/null - 2>/dev/null
}

# Checks for the headers of the libraries that tests bind, and installs those that are missing.
require_stock_libraries() {
    local packages=() pair
    for pair in sqlite3.h:libsqlite3-dev png.h:libpng-dev curl/curl.h:libcurl4-openssl-dev zstd.h:libzstd-dev; do
        has_header "${pair%%:*}" || packages+=("${pair#*:}")
    done
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
}

# Installs the packages of programs that are missing, given as PROGRAM:PACKAGE.
require_programs() {
    local packages=() pair
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || packages+=("${pair#*:}"); done
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
}

# Checks for compilers, headers, libraries, git and Swift, and installs what can be installed.
require_tools() {
    local packages=() pair
    command -v cc >/dev/null || packages+=(gcc libc6-dev)
    # The Swift runtime is partly C++.
    [[ $(cc -print-file-name=libstdc++.so 2>/dev/null) = /* ]] || packages+=(g++)
    # toolhost links the first two; the others are opened at run time, and only their headers are needed here.
    for pair in pcre2.h:libpcre2-dev ffi.h:libffi-dev curl/curl.h:libcurl4-openssl-dev openssl/evp.h:libssl-dev; do
        has_header "${pair%%:*}" || packages+=("${pair#*:}")
    done
    # The library of a sample binding, opened when the binding is loaded.
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
