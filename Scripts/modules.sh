# Sourced by the scripts that compile modules with a sanitizer or a fuzzer.
# shellcheck shell=bash
#
# SwiftPM would also instrument the dependencies of the package, which takes long. Therefore these functions compile the
# package's modules one by one. They read the graph of the modules from the imports in the sources, so that no script
# lists modules. Modules of other packages come from the ordinary debug build and are not instrumented.
#
# The caller sets `built`, the directory of the objects, and `compiler_flags`. compile_imports appends to `compiler_flags`
# what the imports need, and to `objects` what to link. `testable_modules` names the modules for @testable imports.

objects=() testable_modules=()
declare -A visited=()
# A change in these files makes every object stale.
readonly recipe=("$root/Scripts/modules.sh" "$root/Scripts/$(basename "$0")")

# Prints the names of the modules that Swift files import.
imported_modules() {
    sed -nE 's/^ *((@[A-Za-z_]+(\([A-Za-z]+\))?|[a-z]+) +)*import +((struct|class|enum|protocol|func|var|let|typealias) +)?([A-Za-z0-9_]+).*/\6/p' \
        "$@" | sort -u
}

# True if a file is missing or older than one of some others.
is_stale() {
    local file=$1
    shift
    [[ ! -e $file || -n $(find "$@" -newer "$file" -print -quit) ]]
}

# Compiles the modules that Swift files import, and all modules that these need.
compile_imports() {
    local module
    for module in $(imported_modules "$@"); do
        if [[ -z ${visited[$module]:-} ]]; then compile_module "$module"; fi
    done
}

# Compiles a module once. A module of the toolchain needs nothing.
compile_module() {
    local module=$1 directory
    visited[$module]=yes
    for directory in "$root/Sources/$module" "$root/Tests/$module"; do
        [[ -d $directory ]] || continue
        if [[ -f $directory/module.modulemap ]]; then
            compiler_flags+=(-Xcc "-fmodule-map-file=$directory/module.modulemap")
        elif [[ -d $directory/include ]]; then
            compile_c_module "$module" "$directory"
        else
            compile_swift_module "$module" "$directory"
        fi
        return
    done
    if grep -qF ".product(name: \"$module\"" "$root/Package.swift"; then copy_dependency "$module"; fi
}

compile_swift_module() {
    local module=$1 object=$built/$1.o sources imported inputs=("$2" "${recipe[@]}") testing=()
    mapfile -t sources < <(find "$2" -name '*.swift' | sort)
    compile_imports "${sources[@]}"
    objects+=("$object")
    for imported in $(imported_modules "${sources[@]}"); do
        if [[ -e $built/$imported.o ]]; then inputs+=("$built/$imported.o"); fi
    done
    is_stale "$object" "${inputs[@]}" || return 0
    if [[ " ${testable_modules[*]} " = *" $module "* ]]; then testing=(-enable-testing); fi
    say "Building $module"
    swiftc "${compiler_flags[@]}" "${testing[@]}" -module-name "$module" -emit-module \
        -emit-module-path "$built/$module.swiftmodule" -c -o "$object" "${sources[@]}" >&2
    # The compiler does not write an object that would not change.
    touch "$object"
}

compile_c_module() {
    local module=$1 directory=$2 object=$built/$1.o
    # SwiftPM generates the same module map.
    mkdir -p "$built/$module"
    printf 'module %s { umbrella "%s"\n export * }\n' "$module" "$directory/include" >"$built/$module/module.modulemap"
    compiler_flags+=(-I "$built/$module")
    objects+=("$object")
    is_stale "$object" "$directory" "${recipe[@]}" || return 0
    clang -O2 -g -I "$directory/include" -r -nostdlib -fuse-ld=lld -o "$object" "$directory"/*.c
}

# Copies a module of another package, with the C modules of that package, from the debug build.
copy_dependency() {
    local module=$1 object=$built/$1.o package map products files
    package=$(sed -nE "s/.*\.product\(name: \"$module\", package: \"([^\"]+)\".*/\1/p" "$root/Package.swift" | head -n 1)
    if is_stale "$object" "$root/Package.swift" "${recipe[@]}"; then
        say "Building $module"
        swift build --package-path "$root" --target "$module" >&2
        products=$(swift build --package-path "$root" --show-bin-path)
        cp "$products/Modules/$module.swiftmodule" "$built"
        files=("$products/$module.build"/*.swift.o)
        for map in "$root/.build/checkouts/$package"/Sources/*/include/module.modulemap; do
            if [[ -f $map ]]; then files+=("$products/$(basename "${map%/include/*}").build"/*.o); fi
        done
        clang -r -nostdlib -fuse-ld=lld -o "$object" "${files[@]}"
        touch "$object"
    fi
    objects+=("$object")
    for map in "$root/.build/checkouts/$package"/Sources/*/include/module.modulemap; do
        if [[ -f $map ]]; then compiler_flags+=(-I "$(dirname "$map")"); fi
    done
}
