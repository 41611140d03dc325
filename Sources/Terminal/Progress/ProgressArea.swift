import Locks

/// The progress of the work that is under way, drawn at most ten times a second and only if it changed.
///
/// Nothing is drawn for work that takes less than 300 ms. The area draws through a closure, so that one place writes to the
/// terminal: it erases the area before other output and draws the last rows again afterwards, and draws nothing while a
/// question is open.
///
/// ```swift
/// let area = ProgressArea(size: { Console.error.size }, draw: { Console.error.showProgress($0) })
/// area.update { $0.begin("loading qwen3", at: $1) }
/// ```
package final class ProgressArea: Sendable {
    private struct State {
        var progress = ProgressState()
        var rows: [[StyledText]] = []
        var timer: Task<Void, Never>?
    }

    private let state = Lock(State())
    private let origin = ContinuousClock.now
    private let size: @Sendable () -> (rows: Int, columns: Int)
    private let draw: @Sendable ([[StyledText]]) -> Void

    /// Creates an area.
    ///
    /// - Parameters:
    ///   - size: Returns the size of the terminal.
    ///   - draw: Replaces the rows on the terminal. It must not use the area.
    package init(
        size: @escaping @Sendable () -> (rows: Int, columns: Int),
        draw: @escaping @Sendable ([[StyledText]]) -> Void
    ) {
        (self.size, self.draw) = (size, draw)
    }

    deinit { state.withLock { $0.timer?.cancel() } }

    /// Changes the state, and draws it at the next tick, or at once if nothing of it is shown any more.
    ///
    /// - Parameter change: Receives the state and the time.
    package func update(_ change: (inout ProgressState, Duration) -> Void) {
        let now = ContinuousClock.now - origin
        state.withLock { state in
            change(&state.progress, now)
            if state.progress.isEmpty {
                state.timer?.cancel()
                state.timer = nil
                show([], &state)
                return
            }
            // Other output may follow at once, and must not have old rows below it until the next tick.
            if !state.rows.isEmpty, state.progress.rows(at: now, size: size()).isEmpty { show([], &state) }
            guard state.timer == nil else { return }
            // The elapsed time and the moving sign change without an event.
            state.timer = Task { [weak self] in
                while (try? await Task.sleep(for: .milliseconds(100))) != nil, let self { tick() }
            }
        }
    }

    /// Draws the state if it changed.
    private func tick() {
        let now = ContinuousClock.now - origin
        state.withLock { state in
            // The timer may fire once more after the work is done.
            if !state.progress.isEmpty { show(state.progress.rows(at: now, size: size()), &state) }
        }
    }

    private func show(_ rows: [[StyledText]], _ state: inout State) {
        if rows == state.rows { return }
        state.rows = rows
        draw(rows)
    }
}
