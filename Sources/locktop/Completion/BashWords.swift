// SPDX-License-Identifier: MIT

/// What bash needs besides the parser's script: it parts words at colons, and ours are whole with them.
enum BashWords {
    /// The script that completes words with colons in them.
    /// - Parameter script: the parser's own, which defines `_locktop`.
    static func script(around script: String) -> String {
        let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.filter { !$0.hasPrefix("complete ") }.joined(separator: "\n") + "\n" + joining
    }

    private static let joining = #"""
        # Puts the words that were parted at colons together again, and takes off the answers what stands before the
        # last colon: bash replaces only what stands behind it.
        _locktop_with_colons() {
            local -a words=()
            local -i index at=0
            local word joins=false
            for index in "${!COMP_WORDS[@]}"; do
                word="${COMP_WORDS[index]}"
                if (( index > 0 )) && { "${joins}" || [[ "${word}" = :* ]]; } && [[ "${COMP_LINE}" = *"${words[-1]}${word}"* ]]; then
                    words[-1]+="${word}"
                else
                    words+=("${word}")
                fi
                joins=false
                [[ "${word}" = *: ]] && joins=true
                (( index == COMP_CWORD )) && at=$(( ${#words[@]} - 1 ))
            done
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD="${at}"
            local current="${words[at]}"
            _locktop "${1}" "${current}" "${words[at > 0 ? at - 1 : 0]}"
            local before="${current%"${current##*:}"}"
            (( ${#COMPREPLY[@]} )) || return 0
            COMPREPLY=("${COMPREPLY[@]#"${before}"}")
            # As a file's name a colon would get a backslash; what else needs one is given it here.
            if [[ "${COMPREPLY[*]}" = *:* ]]; then
                compopt +o filenames
                for index in "${!COMPREPLY[@]}"; do printf -v "COMPREPLY[index]" %q "${COMPREPLY[index]}"; done
            fi
            [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" = *: ]] && compopt -o nospace
            return 0
        }
        complete -o filenames -F _locktop_with_colons locktop

        """#
}
