/// The names of the control tokens of model families: the part between `<` and `>`, or between `[` and `]`.
///
/// A server turns such a text into the token of the model's vocabulary wherever it occurs in the prompt, also within a
/// result. The tables have the names in lower case, because a model may take a variant as the token. Names with bars
/// (`<|im_start|>`, `<|turn>`, `<turn|>`, `[|user|]`) are recognised by their form, so they are in no table.
struct ControlTokens: Sendable, Hashable {
    /// The maximum length of a name in bytes.
    static let maximumName = 64

    /// The names that are recognised besides the common ones, each after its opening delimiter, in lower case.
    let additional: Set<String>

    /// The tokens of all known families.
    static let common = ControlTokens(additional: [])

    /// Returns true if a name is that of a control token.
    ///
    /// - Parameters:
    ///   - name: The ASCII form of the text between the delimiters; 0xFF stands for any other character.
    ///   - opener: The opening delimiter: `<` or `[`.
    func contain(_ name: [UInt8], after opener: UInt8) -> Bool {
        guard let first = name.first, let last = name.last else { return false }
        let bar = UInt8(ascii: "|")
        let hasLetters = name.contains { $0 != bar }
        let isAngle = opener == UInt8(ascii: "<")
        if isAngle, hasLetters, first == bar || last == bar { return true }
        // `[|1; 2|]` is an array in some languages.
        if !isAngle, name.count > 2, first == bar, last == bar, name.dropFirst().dropLast().allSatisfy(Self.isWord) {
            return true
        }
        let text = String(decoding: name, as: UTF8.self)
        let lower = text.lowercased()
        let isKnown =
            isAngle
            ? Self.angleNames.contains(lower) || Self.anglePrefixes.contains(where: lower.hasPrefix)
            : Self.squareNames.contains(lower) || Self.upperCaseSquareNames.contains(text) || lower.hasPrefix("img-")
        return isKnown || !additional.isEmpty && additional.contains((isAngle ? "<" : "[") + lower)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    /// Gemma, Llama 2, sentence-piece vocabularies; Qwen, Hermes, GLM, Granite, Nemotron, MiniMax, Seed; FIM tokens.
    private static let angleNames = words(
        """
        start_of_turn end_of_turn start_of_image end_of_image image_soft_token start_function_call end_function_call \
        start_function_declaration end_function_declaration start_function_response end_function_response escape \
        bos eos pad unk s /s sys /sys sop eop eoh eoa eot eom eod \
        begin_of_text end_of_text endoftext begin_of_sentence end_of_sentence \
        think /think thinking /thinking tool_call /tool_call tool_calls /tool_calls tool_response /tool_response \
        tool_responses /tool_responses tool_result /tool_result tool_results /tool_results tools /tools \
        toolcall /toolcall available_tools /available_tools function_call /function_call function_calls /function_calls \
        function_results /function_results invoke /invoke /function /parameter arg_key /arg_key arg_value /arg_value \
        minimax:tool_call /minimax:tool_call fim_prefix fim_middle fim_suffix fim_pad
        """
    )

    private static let anglePrefixes = [
        "function=", "parameter=", "extra_id_", "unused", "special_", "seed:", "/seed:",
    ]

    /// Mistral and GLM.
    private static let squareNames = words(
        """
        inst /inst tool_calls /tool_calls tool_results /tool_results tool_content /tool_content \
        available_tools /available_tools system_prompt /system_prompt model_settings /model_settings call_id \
        img_break img_end begin_audio gmask smask
        """
    )

    /// Names that are ordinary words in lower case, as in `usage: show [args]`.
    private static let upperCaseSquareNames = words(
        "ARGS THINK /THINK PREFIX SUFFIX MIDDLE IMG AUDIO TRANSCRIBE BOS EOS PAD UNK CLS SEP MASK"
    )
}
