/// The commands that can be typed at the prompt of a chat, in the order of the help.
package enum SlashVerb: String, CaseIterable, Sendable {
    case help, tools, tool, model, system, think, option, new, save, load, history, undo, retry, edit, image, show
    case stats, context, exit

    /// The arguments, as the help shows them.
    package var arguments: String {
        switch self {
        case .help, .tools, .new, .undo, .retry, .context, .exit: ""
        case .tool: "NAME on|off"
        case .option: "[KEY=VALUE]"
        case .stats: "[on|off]"
        case .model: "[NAME]"
        case .system: "[TEXT|none]"
        case .think: "[LEVEL|show|hide]"
        case .save, .load: "NAME"
        case .history, .edit: "[TEXT]"
        case .image: "FILE"
        case .show: "[NUMBER]"
        }
    }

    /// The effect, in a few words.
    package var summary: String {
        switch self {
        case .help: "List the commands and keys."
        case .tools: "List the tools."
        case .tool: "Offer a tool to the model or not."
        case .model: "Show or change the model."
        case .system: "Show, change or remove the system prompt."
        case .think: "Set the amount of thinking, or show or hide it."
        case .option: "Show or set the model's options; KEY= removes one."
        case .new: "Begin a new conversation; also /clear."
        case .save: "Name the conversation, to continue it later."
        case .load: "Continue a conversation by its name or number."
        case .history: "List the last conversations, or those with a text."
        case .undo: "Remove the last prompt and its answer."
        case .retry: "Ask the last prompt again."
        case .edit: "Write a prompt in your editor; also Ctrl-G."
        case .image: "Attach a picture to the next prompt."
        case .show: "Show a whole result, the last one without a number."
        case .stats: "Show tokens and times after each answer, or not."
        case .context: "Show how full the model's context window is."
        case .exit: "Leave the chat; also /bye, exit and quit."
        }
    }

    /// The verb with its arguments, such as `/save NAME`.
    package var usage: String { "/" + rawValue + (arguments.isEmpty ? "" : " " + arguments) }

    /// The amounts of thinking, and the words for its display.
    package static let thinking = ["on", "off", "low", "medium", "high", "max", "show", "hide"]
}
