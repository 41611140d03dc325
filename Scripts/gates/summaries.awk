# Usage: awk -f summaries.awk FILE.swift ...
#
# Prints the documentation comments whose summary, or whose description of a parameter, is a bare interrogative clause:
# "What is kept of a call".
FNR == 1 { isInside = 0 }

/^[[:space:]]*\/\/\// {
    text = $0
    isItem = sub(/^[[:space:]]*\/\/\/ +- (Parameter )?[A-Za-z]+: /, "", text)
    if (!isItem) sub(/^[[:space:]]*\/\/\/ /, "", text)
    if ((isItem || !isInside) && text ~ /^(What|Where|When|Which|How|Who|Whose|Why|Whether)[^[:alnum:]]/)
        print FILENAME ":" FNR ":" $0
    isInside = 1
    next
}

{ isInside = 0 }
