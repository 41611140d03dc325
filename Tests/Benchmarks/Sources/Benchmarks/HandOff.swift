import Foundation

/// A thread that responds to requests at once.
final class HandOff: @unchecked Sendable {
    private let condition = NSCondition()
    private var (requested, completed) = (0, 0)

    init() {
        Thread.detachNewThread { [self] in
            condition.lock()
            while true {
                while completed == requested { condition.wait() }
                completed = requested
                condition.broadcast()
            }
        }
    }

    func exchange() {
        condition.lock()
        requested += 1
        condition.broadcast()
        while completed != requested { condition.wait() }
        condition.unlock()
    }
}
