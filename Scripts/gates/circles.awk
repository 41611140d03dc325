# Usage: awk -f circles.awk -v module=NAME FILE.swift ... FILE.swift ...
#
# Prints the pairs of directories of a module that refer to each other, directly or through others, with an example of each
# reference. The files are given twice: the first pass collects the declarations, the second one the references.
#
# A directory declares the non-private types, functions and variables at the top level of its files. It refers to another
# one where its code has such a name, unless the name follows a dot or two directories declare it. Text in strings and
# comments does not count. The files of the module's own directory are a directory, too.

function directory(path) {
    sub("^.*Sources/" module "/", "", path)
    return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "(root)"
}

# Returns a line without strings and comments, also if they continue on the next line.
function code_of(line, result, c, i, n) {
    result = ""
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (in_comment) {
            if (substr(line, i, 2) == "*/") { in_comment = 0; i++ }
        } else if (in_long_string) {
            if (substr(line, i, 3) == "\"\"\"") { in_long_string = 0; i += 2 }
        } else if (substr(line, i, 2) == "//") {
            break
        } else if (substr(line, i, 2) == "/*") {
            in_comment = 1; i++
        } else if (substr(line, i, 3) == "\"\"\"") {
            in_long_string = 1; i += 2
        } else if (c == "\"") {
            for (i++; i <= n && substr(line, i, 1) != "\""; i++) if (substr(line, i, 1) == "\\") i++
            result = result " "
        } else {
            result = result c
        }
    }
    return result
}

FNR == 1 { in_comment = in_long_string = 0; here = directory(FILENAME); pass = (FILENAME in seen) ? 2 : 1; seen[FILENAME] }

{ text = code_of($0) }

pass == 1 && text ~ /^[@a-zA-Z]/ && text !~ /(^| )(private|fileprivate|import|extension) / {
    if (match(text, /(^| )(struct|enum|class|actor|protocol|typealias|func|let|var) +[A-Za-z_][A-Za-z0-9_]*/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/^.* /, "", name)
        if (name in owner && owner[name] != here) shared[name]
        owner[name] = here
    }
}

pass == 2 {
    previous = ""
    while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
        name = substr(text, RSTART, RLENGTH)
        # A member, or the declaration of one with the same name.
        isMember = substr(text, RSTART - 1, 1) == "." || previous ~ /^(case|func)$/
        previous = name
        text = substr(text, RSTART + RLENGTH)
        # An argument label or a parameter has the form of a function name. Only a call distinguishes it.
        if (name ~ /^[a-z]/ && substr(text, 1, 1) != "(") continue
        if (isMember || !(name in owner) || name in shared || owner[name] == here) continue
        if (!((here, owner[name]) in example)) {
            example[here, owner[name]] = FILENAME ":" FNR ": " name
            reaches[here, owner[name]]
            places[here]; places[owner[name]]
        }
    }
}

END {
    for (middle in places)
        for (from in places)
            for (to in places)
                if ((from, middle) in reaches && (middle, to) in reaches) reaches[from, to]
    for (pair in example) {
        split(pair, ends, SUBSEP)
        if ((ends[2], ends[1]) in reaches) print module ": " ends[1] " refers to " ends[2] " in a circle: " example[pair]
    }
}
