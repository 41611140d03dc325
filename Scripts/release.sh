# Sourced by the scripts that make release builds: the flags that they share.
# shellcheck shell=bash
#
# SwiftPM compiles a module again when a flag of the compiler differs, so all release builds take them from here.

# Sets `release_flags`, `executable_flags` and `macro_flags`, and prepares in .build/runtime what they refer to.
prepare_release() {
    local copies=$root/.build/runtime resources source target
    # The files carry no debug information, which would be stripped anyway, and no unwind tables. lld drops unused functions,
    # of which each has a section, and folds functions with the same machine code.
    release_flags=(
        -c release -debug-info-format none -Xswiftc -static-stdlib -Xswiftc -use-ld=lld
        -Xswiftc -Xfrontend -Xswiftc -function-sections
        -Xlinker -s -Xlinker --gc-sections -Xlinker --icf=all -Xlinker "-T$root/Scripts/release.ld"
    )
    # Relocations in a compact form, where the C library of this machine reads them: that is since glibc 2.36.
    if [[ $(printf '%s\n' 'glibc 2.36' "$(getconf GNU_LIBC_VERSION)" | sort -V | head -n 1) = 'glibc 2.36' ]]; then
        release_flags+=(-Xlinker -z -Xlinker pack-relative-relocs)
    fi
    # The functions of the static Swift runtime are marked as used, which would keep them all. The linker reads copies
    # without these marks, which saves a megabyte in each file.
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
    # -static-stdlib exports all symbols of an executable, so that none would be unused.
    executable_flags=("${release_flags[@]}" -Xlinker --no-export-dynamic)
    # The compiler runs the macros for milliseconds: what counts is their size, and how long swift-syntax takes to build.
    # Measured: processor time of the build, size of the file.
    #     -Onone            1.9 min   20 MB
    #     -Osize by file    3.4 min   11 MB
    #     -O by module     14.5 min
    macro_flags=(
        "${executable_flags[@]}" -Xswiftc -Osize -Xswiftc -no-whole-module-optimization -Xswiftc -enable-batch-mode
    )
}

# Prints the date that goes into what is built, in seconds since 1970: SOURCE_DATE_EPOCH, or the date of the last commit.
source_date() {
    if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
        printf '%s\n' "$SOURCE_DATE_EPOCH"
    else
        git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s
    fi
}
