# Sourced by the scripts that make release builds: their common flags.
# shellcheck shell=bash
#
# SwiftPM recompiles a module if a compiler flag differs, so all release builds use the same flags.

# Sets `release_flags`, `executable_flags` and `macro_flags`, and prepares the files in .build/runtime that they name.
prepare_release() {
    local copies=$root/.build/runtime resources source target
    # Debug information would be stripped, so it is not generated; unwind tables are dropped. Each function has a section, so
    # that lld can drop unused functions and merge functions with the same machine code.
    release_flags=(
        -c release -debug-info-format none -Xswiftc -static-stdlib -Xswiftc -use-ld=lld
        -Xswiftc -Xfrontend -Xswiftc -function-sections
        -Xlinker -s -Xlinker --gc-sections -Xlinker --icf=all -Xlinker "-T$root/Scripts/release.ld"
    )
    # Compact relocations, if the C library of this machine reads them (glibc 2.36 or later).
    if [[ $(printf '%s\n' 'glibc 2.36' "$(getconf GNU_LIBC_VERSION)" | sort -V | head -n 1) = 'glibc 2.36' ]]; then
        release_flags+=(-Xlinker -z -Xlinker pack-relative-relocs)
    fi
    # The functions of the static Swift runtime are marked as used, so that the linker would keep all of them. It links
    # copies without these marks, which saves 1 MB in each file.
    resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1_static\/linux/p')
    mkdir -p "$copies"
    if [[ ! $copies/unused-code -nt $root/Scripts/unused-code.c ]]; then
        cc -Wall -Wextra -O2 -o "$copies/unused-code" "$root/Scripts/unused-code.c"
    fi
    for source in "$resources"/lib{swift,Foundation,_Foundation}*.a; do
        [[ -f $source && $source != */lib_FoundationICU.a ]] || continue
        target=$copies/$(basename "$source")
        if [[ ! $target -nt $source || ! $target -nt $copies/unused-code ]]; then
            "$copies/unused-code" "$source" "$target.new"
            mv "$target.new" "$target"
        fi
        release_flags+=(-Xlinker "--remap-inputs=$source=$target")
    done
    # -static-stdlib exports all symbols of an executable, and exported symbols are never unused.
    executable_flags=("${release_flags[@]}" -Xlinker --no-export-dynamic)
    # The compiler runs the macros for milliseconds, so their size and the build time of swift-syntax matter more than their
    # speed. Measured: processor time of the build, size of the file.
    #     -Onone            1.9 min   20 MB
    #     -Osize by file    3.4 min   11 MB
    #     -O by module     14.5 min
    macro_flags=(
        "${executable_flags[@]}" -Xswiftc -Osize -Xswiftc -no-whole-module-optimization -Xswiftc -enable-batch-mode
    )
}

# Prints the date of the build in seconds since 1970: SOURCE_DATE_EPOCH, or the date of the last commit.
source_date() {
    if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
        printf '%s\n' "$SOURCE_DATE_EPOCH"
    else
        git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s
    fi
}
