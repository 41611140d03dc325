/// An arithmetic operation.
enum ArithmeticOperation: String, CaseIterable {
    case add, subtract, multiply, divide

    var bindsTighter: Bool { self == .multiply || self == .divide }
}
