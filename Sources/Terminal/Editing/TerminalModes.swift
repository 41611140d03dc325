import Glibc
import Synchronization

/// The modes of the terminal that the editor sets, and their restoration.
///
/// The modes belong to the terminal and outlive the process. So they are restored when the process exits, is suspended or
/// is terminated by a signal, and set again when it continues. Only the first terminal of a process has this protection.
final class TerminalModes: Sendable {
    enum Mode {
        /// A line is open: each key goes to the editor.
        case editing
        /// No line is open: keys are kept without being shown, and Ctrl-C, Ctrl-Z and Ctrl-\ send their signals.
        case keeping
    }

    /// The state that signal handlers use.
    private struct Shared {
        let input: Int32
        let output: Int32
        /// The descriptor that wakes the thread of the editor.
        let waker: Int32
        let hasPastes: Bool
        var original: termios
    }

    // Signal handlers read it. It is written only before the terminal is active.
    private nonisolated(unsafe) static let shared = UnsafeMutablePointer<Shared>.allocate(capacity: 1)
    // Written before the handler that reads it is installed.
    private nonisolated(unsafe) static let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    /// True if a terminal has been chosen.
    private static let isClaimed = Atomic(false)
    /// True while the terminal of `shared` has modes that must be restored.
    private static let isActive = Atomic(false)

    private let input: Int32
    private let output: Int32
    private let original: termios
    private let editing: termios
    private let keeping: termios
    private let hasPastes: Bool
    private let isProtected: Bool

    /// Creates the modes of a terminal.
    ///
    /// - Parameters:
    ///   - waker: A descriptor that receives the number of the signal as a byte after the terminal was resized or the
    ///     process continued.
    ///   - hasPastes: True if pastes are to be marked.
    /// - Returns: Nil if the input is no terminal.
    init?(input: Int32, output: Int32, waker: Int32, hasPastes: Bool) {
        var original = termios()
        guard tcgetattr(input, &original) == 0 else { return nil }
        (self.input, self.output, self.hasPastes) = (input, output, hasPastes)
        self.original = original
        editing = Self.modes(.editing, original)
        keeping = Self.modes(.keeping, original)
        isProtected = Self.isClaimed.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        guard isProtected else { return }
        Self.shared.initialize(
            to: Shared(input: input, output: output, waker: waker, hasPastes: hasPastes, original: original)
        )
        Self.handlers
    }

    private static func modes(_ mode: Mode, _ original: termios) -> termios {
        var modes = original
        // A carriage return stays distinct from a line feed, and characters keep their eighth bit.
        modes.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | INPCK)
        modes.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
        // Input that was typed ahead outlives Ctrl-C.
        modes.c_lflag |= tcflag_t(NOFLSH)
        if mode == .editing {
            modes.c_iflag &= ~tcflag_t(IXON)
            modes.c_lflag &= ~tcflag_t(ISIG)
        }
        withUnsafeMutableBytes(of: &modes.c_cc) { characters in
            (characters[Int(VMIN)], characters[Int(VTIME)]) = (1, 0)
        }
        return modes
    }

    /// Sets the modes.
    ///
    /// A process in the background goes on without a line, and is stopped before it edits one.
    func set(_ mode: Mode) {
        if isProtected { Self.isActive.store(true, ordering: .releasing) }
        guard mode == .editing || isForeground else { return }
        var modes = mode == .editing ? editing : keeping
        // In the background, the kernel sends SIGTTOU to the process group.
        tcsetattr(input, TCSANOW, &modes)
        if hasPastes { Self.write(Self.pastesOn, to: output) }
    }

    /// Restores the modes that the terminal had.
    func restore() {
        if isProtected { return Self.restoreTerminal() }
        var modes = original
        if hasPastes { Self.write(Self.pastesOff, to: output) }
        tcsetattr(input, TCSANOW, &modes)
    }

    /// Gives the terminal up for another one of this process.
    func release() {
        restore()
        if isProtected { Self.isClaimed.store(false, ordering: .releasing) }
    }

    /// Suspends the process and its group, as Ctrl-Z does, and returns once it continues.
    ///
    /// - Returns: False if the process cannot be suspended.
    func suspend() -> Bool {
        var action = sigaction()
        guard isProtected, sigaction(SIGTSTP, nil, &action) == 0, !Self.isIgnored(action) else { return false }
        // The other processes of a pipeline are suspended, too.
        signal(SIGTSTP, SIG_IGN)
        kill(0, SIGTSTP)
        Self.stop()
        return true
    }

    /// True unless another process group has the terminal.
    var isForeground: Bool { Self.isForeground(input) }

    // MARK: - Signal handlers

    // The functions below call only functions that POSIX allows in a signal handler.

    private static let pastesOn: StaticString = "\u{1B}[?2004h"
    private static let pastesOff: StaticString = "\u{1B}[?2004l"

    private static func write(_ text: StaticString, to output: Int32) {
        _ = Glibc.write(output, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// True unless another process group has the terminal, whose modes must not change.
    private static func isForeground(_ input: Int32) -> Bool {
        let group = tcgetpgrp(input)
        return group < 0 || group == getpgrp()
    }

    /// Restores the modes that the terminal of this process had.
    ///
    /// The function is safe in a signal handler and before `_exit`.
    static func restoreTerminal() {
        guard isActive.exchange(false, ordering: .acquiring), isForeground(shared.pointee.input) else { return }
        if shared.pointee.hasPastes { write(pastesOff, to: shared.pointee.output) }
        tcsetattr(shared.pointee.input, TCSANOW, &shared.pointee.original)
    }

    /// Restores the terminal, stops the process, and wakes the editor once it continues.
    private static func stop() {
        let code = errno
        defer { errno = code }
        let wasActive = isActive.load(ordering: .acquiring)
        restoreTerminal()
        signal(SIGTSTP, SIG_DFL)
        // One message about the continuation is enough: the line would be drawn for each.
        signal(SIGCONT, SIG_DFL)
        var (stopped, previous) = (sigset_t(), sigset_t())
        sigemptyset(&stopped)
        sigaddset(&stopped, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stopped, &previous)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        handle(SIGTSTP) { _ in TerminalModes.stop() }
        handle(SIGCONT) { TerminalModes.report($0) }
        guard wasActive else { return }
        isActive.store(true, ordering: .releasing)
        wake(SIGCONT)
    }

    /// The handler of the signals that change what the terminal shows.
    private static func report(_ number: Int32) {
        let code = errno
        if isActive.load(ordering: .acquiring) { wake(number) }
        errno = code
    }

    private static func wake(_ number: Int32) {
        var byte = UInt8(truncatingIfNeeded: number)
        _ = Glibc.write(shared.pointee.waker, &byte, 1)
    }

    private static func isIgnored(_ action: sigaction) -> Bool { isEqual(action, SIG_IGN) }

    private static func isEqual(_ action: sigaction, _ handler: __sighandler_t?) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(handler, to: Int.self)
    }

    /// Installs a handler, which must keep `errno`.
    private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.sa_flags = SA_RESTART | SA_ONSTACK
        action.__sigaction_handler.sa_handler = handler
        sigaction(number, &action, nil)
    }

    /// The handlers, which are installed once: those of faults, and of signals that have their default action.
    private static let handlers: Void = {
        func isDefault(_ number: Int32) -> Bool {
            var action = sigaction()
            return sigaction(number, nil, &action) == 0 && isEqual(action, SIG_DFL)
        }
        atexit { TerminalModes.restoreTerminal() }
        let faults = [SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGQUIT]
        // A fault may have the handler of a debugger, which also needs the terminal.
        for number in faults + [SIGINT, SIGTERM, SIGHUP].filter(isDefault) {
            sigaction(number, nil, previous + Int(number))
            handle(number) { number in
                TerminalModes.restoreTerminal()
                sigaction(number, TerminalModes.previous + Int(number), nil)
                raise(number)
            }
        }
        if isDefault(SIGTSTP) { handle(SIGTSTP) { _ in TerminalModes.stop() } }
        for number in [SIGCONT, SIGWINCH] where isDefault(number) { handle(number) { TerminalModes.report($0) } }
    }()
}
