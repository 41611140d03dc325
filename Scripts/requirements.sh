# Sourced by the other scripts: messages, help, and the installation of missing tools.
# shellcheck shell=bash

# The minimum version of Swift.
readonly required_swift=6.3

# Prints a message to standard error; standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# Prints the reason of a failure, and exits with 1.
fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# Prints the comment at the beginning of the running script, which is its help.
show_help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

# Installs Debian packages if this user may do so; otherwise fails with the command to run.
install_packages() {
    local line="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null; then
        fail "missing: $*. Install them with the package manager of this system, and run this script again."
    elif [[ $(id -u) -ne 0 ]]; then
        fail "missing: $*. Run this command, and then this script again:
    sudo sh -c '$line'"
    fi
    say "Installing $*"
    # An unreachable mirror is not an error if the packages can be installed from another one.
    apt-get update >&2 || say "apt-get update failed; trying to install anyway."
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}

# True if the C compiler finds a header. The header of PCRE2 requires the definition.
has_header() {
    printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <%s>\n' "$1" | cc -E -x c -o /dev/null - 2>/dev/null
}

# Installs the missing headers of the libraries that the tests bind.
require_stock_libraries() {
    local packages=() pair
    for pair in sqlite3.h:libsqlite3-dev png.h:libpng-dev curl/curl.h:libcurl4-openssl-dev zstd.h:libzstd-dev; do
        has_header "${pair%%:*}" || packages+=("${pair#*:}")
    done
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
}

# Installs the packages of missing programs, given as PROGRAM:PACKAGE.
require_programs() {
    local packages=() pair
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || packages+=("${pair#*:}"); done
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
}

# Installs missing compilers, headers, libraries and git, and checks the version of Swift.
require_tools() {
    local packages=() pair
    command -v cc >/dev/null || packages+=(gcc libc6-dev)
    # A part of the Swift runtime is C++.
    [[ $(cc -print-file-name=libstdc++.so 2>/dev/null) = /* ]] || packages+=(g++)
    # toolhost links the first two. It opens the others at run time, so that the build only needs their headers.
    for pair in pcre2.h:libpcre2-dev ffi.h:libffi-dev curl/curl.h:libcurl4-openssl-dev openssl/evp.h:libssl-dev; do
        has_header "${pair%%:*}" || packages+=("${pair#*:}")
    done
    # A sample binding opens this library at run time.
    ldconfig -p | grep -F libsqlite3.so.0 >/dev/null || packages+=(libsqlite3-0)
    command -v git >/dev/null || packages+=(git ca-certificates)
    command -v readelf >/dev/null || packages+=(binutils)
    if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi

    if ! command -v swift >/dev/null; then
        fail "Swift $required_swift or later is required. Install it from https://www.swift.org/install/linux/ and add its usr/bin to PATH."
    fi
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [[ -z $version ]]; then
        fail "\`$(command -v swift) --version\` prints no version. Check the installation of the toolchain."
    fi
    if [[ $(printf '%s\n%s\n' "$required_swift" "$version" | sort -V | head -n 1) != "$required_swift" ]]; then
        fail "Swift $required_swift or later is required, but $(command -v swift) is $version. Install a later version from https://www.swift.org/install/linux/."
    fi
}
