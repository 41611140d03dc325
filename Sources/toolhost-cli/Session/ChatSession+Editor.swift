import Terminal

extension ChatSession {
    /// Has the user write a prompt in an editor, and sends it.
    ///
    /// - Parameter text: The text with which the editor begins.
    func edit(_ text: String) async {
        let edited: String
        do throws(CommandError) {
            closeEditor()
            defer { openEditor() }
            edited = try ExternalEditor.edited(text)
        } catch {
            // The text would otherwise be lost.
            prompts.add(LineText(text))
            return Console.error.line("toolhost: \(error.message)")
        }
        guard edited.contains(where: { !$0.isWhitespace }) else {
            return Console.error.line("The prompt is empty, so it is not sent.")
        }
        // Like pasted text it contains no commands and no paths of files.
        let prompt = LineText(edited, isPasted: true)
        prompts.add(prompt)
        Console.error.quote(edited + "\n", .bold)
        await handle(prompt)
    }
}
