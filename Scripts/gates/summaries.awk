# Usage: awk -f summaries.awk FILE.swift ...
#
# Prints the documentation comments whose summary is a bare interrogative clause: "What is kept of a call".
FNR == 1 { isInside = 0 }

/^[[:space:]]*\/\/\// {
    if (!isInside && /^[[:space:]]*\/\/\/ (What|Where|When|Which|How|Who|Whose|Why|Whether)[^[:alnum:]]/)
        print FILENAME ":" FNR ":" $0
    isInside = 1
    next
}

{ isInside = 0 }
