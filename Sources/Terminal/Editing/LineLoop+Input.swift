import Glibc
import Locks

extension LineLoop {
    /// Returns true if the terminal has sent more input, or sends some within a time in milliseconds.
    func hasInput(within time: Int32 = 0) -> Bool {
        var entry = pollfd(fd: editor.input, events: Int16(POLLIN), revents: 0)
        return !hasEnded && poll(&entry, 1, time) > 0
    }

    /// Waits for input or a message, and takes it.
    func wait() {
        guard current != nil || editor.modes.isForeground else { return waitInBackground() }
        var entries = [editor.alarm, editor.input].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = poll(&entries, hasEnded ? 1 : 2, decoder.timeout ?? -1)
        if count == 0 { distribute(decoder.timeOut(), isAhead: false) }
        guard count > 0 else { return }
        // While the process was stopped, a shell may have taken the input, and a read would block.
        if entries[0].revents != 0 { return takeAlarms() }
        if current != nil || editor.modes.isForeground { read(isAhead: false) }
    }

    /// Waits for a message, while the input is for the shell.
    private func waitInBackground() {
        var entry = pollfd(fd: editor.alarm, events: Int16(POLLIN), revents: 0)
        // No signal reports that the shell gives the terminal back to a process that runs.
        if poll(&entry, 1, 200) > 0 {
            takeAlarms()
        } else if editor.modes.isForeground {
            editor.modes.set(.keeping)
        }
    }

    /// Returns the numbers of the signals since the last call, and zeros for messages.
    private func alarms() -> ArraySlice<UInt8> {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(editor.alarm, &numbers, numbers.count)
        return numbers.prefix(max(count, 0))
    }

    private func takeAlarms() {
        let numbers = alarms()
        if numbers.contains(UInt8(SIGCONT)) {
            resume()
        } else if numbers.contains(UInt8(SIGWINCH)) {
            editor.line.withLock { line in
                line.hide()
                line.show()
            }
        }
    }

    /// Sets the modes and shows the line after the process was stopped.
    func resume() {
        editor.modes.set(current == nil ? .keeping : .editing)
        // The line is drawn for one of the signals, also if the process was stopped again until it came to the foreground.
        _ = alarms()
        editor.onResume()
        editor.line.withLock { $0.showAgain() }
        // One of the messages may be a request.
        editor.wake()
    }

    func read(isAhead: Bool) {
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = Glibc.read(editor.input, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            hasEnded = true
            return
        }
        distribute(decoder.decode(bytes[..<count]), isAhead: isAhead)
    }

    /// Hands keys to the line that they belong to.
    ///
    /// - Parameter isAhead: True if they were typed before the open question was drawn.
    private func distribute(_ keys: [Key], isAhead: Bool) {
        for key in keys {
            switch (current?.request.kind, key) {
            case (nil, .control("C")): kill(getpid(), SIGINT)
            case (nil, .control("Z")): kill(0, SIGTSTP)
            case (nil, .control("\\")): kill(getpid(), SIGQUIT)
            case (.answer, .control("C")): answerKeys.add(key)
            case (.answer, .paste): typedAhead.add(key)
            case (.answer, _) where !isAhead: answerKeys.add(key)
            default: typedAhead.add(key)
            }
        }
    }
}
