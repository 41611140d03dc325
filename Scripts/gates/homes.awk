# Usage: awk -f homes.awk FILE.swift ...
#
# Prints the non-private types at the top level of a file that has another name. The file of a type `Name` is
# `Name.swift`, or `Name+Aspect.swift`.
FNR == 1 {
    home = FILENAME
    sub(/^.*\//, "", home)
    sub(/\.swift$/, "", home)
    sub(/\+.*$/, "", home)
}

/^[@a-zA-Z]/ && !/(^| )(private|fileprivate|extension|import) / && match($0, /(^| )(struct|enum|class|actor|protocol) +[A-Za-z_][A-Za-z0-9_]*/) {
    name = substr($0, RSTART, RLENGTH)
    sub(/^.* /, "", name)
    if (name != home && name != "func" && name != "var") print FILENAME ":" FNR ": " name " belongs in " name ".swift."
}
