import ToolJSON

/// A function that fills a tool's parameters from a part of a prompt.
///
/// Parameters of one kind share the values of that kind in order. If the prompt has more values than one call needs,
/// the result has several calls.
struct ArgumentFiller {
    /// The arguments for each call, or the names of missing arguments.
    struct Filling {
        var calls: [[(name: String, value: Plan.Argument)]] = []
        var missing: [String] = []
    }

    let finder: ValueFinder

    /// The step whose result may replace a number that is not in the prompt.
    var previous: Int?

    func fill(_ tool: OfferedTool) -> Filling {
        var groups: [(source: ValueSource, parameters: [Parameter])] = []
        var missing: [String] = []
        for parameter in tool.parameters.prefix(64) {
            guard let source = ValueSource(parameter) else {
                if parameter.isRequired { missing.append(parameter.name) }
                continue
            }
            if let index = groups.firstIndex(where: { $0.source == source }) {
                groups[index].parameters.append(parameter)
            } else {
                groups.append((source, [parameter]))
            }
        }
        let rounds = groups.map { group in
            let rows = rows(group.source, group.parameters)
            let filled = Set((rows.first ?? [:]).keys)
            missing += group.parameters.filter { $0.isRequired && !filled.contains($0.name) }.map(\.name)
            return rows
        }
        guard missing.isEmpty else { return Filling(missing: missing) }
        let count = min(max(1, rounds.map(\.count).max() ?? 1), Plan.maximumSteps)
        let calls = (0..<count).map { index in
            // A kind with fewer values repeats its last value.
            let values = rounds.compactMap { $0.isEmpty ? nil : $0[min(index, $0.count - 1)] }
                .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            return tool.parameters.compactMap { parameter in
                values[parameter.name].map { (name: parameter.name, value: $0) }
            }
        }
        return Filling(calls: calls)
    }

    private typealias Row = [String: Plan.Argument]

    /// Returns the values of one kind: a row for each call.
    private func rows(_ source: ValueSource, _ parameters: [Parameter]) -> [Row] {
        guard let parameter = parameters.first else { return [] }
        switch source {
        case .flag:
            let value = finder.flag(parameter.name) ?? (parameter.isRequired ? false : nil)
            return value.map { [[parameter.name: .value(.bool($0))]] } ?? []
        case .list:
            let values = finder.list(parameter)
            return values.isEmpty ? [] : [[parameter.name: .value(.array(values))]]
        case .choice, .number, .date, .zone, .path, .link, .formula, .name, .prose:
            let required = parameters.filter(\.isRequired)
            let optional = parameters.filter { !$0.isRequired }
            var values = finder.values(source, insists: !required.isEmpty)
            if source == .number, !parameters.contains(where: { $0.types.contains("number") }) {
                values = values.compactMap { value in value.int.map(JSON.int) }
            }
            return distribute(values.map(Plan.Argument.value), source, required, optional)
        }
    }

    private func distribute(
        _ values: [Plan.Argument],
        _ source: ValueSource,
        _ required: [Parameter],
        _ optional: [Parameter]
    ) -> [Row] {
        var values = values
        if source == .number, let previous, values.count + 1 == required.count {
            values.insert(.result(of: previous), at: 0)
        }
        func row(_ parameters: [Parameter], _ values: some Sequence<Plan.Argument>) -> Row {
            Row(zip(parameters.map(\.name), values)) { first, _ in first }
        }
        guard let first = required.first ?? optional.first, !values.isEmpty else { return [] }
        // A single parameter gets each value in a separate call. But an optional number parameter gets the second
        // number: "round 3.14159 to 2" is one call.
        let sharesNumbers = source == .number && required.count == 1 && values.count <= 1 + optional.count
        if required.count == 1 && !sharesNumbers || required.isEmpty && optional.count == 1 {
            return values.prefix(Plan.maximumSteps).map { row([first], [$0]) }
        }
        if required.count > 1, values.count > required.count, values.count.isMultiple(of: required.count) {
            return stride(from: 0, to: values.count, by: required.count).prefix(Plan.maximumSteps).map {
                row(required, values[$0..<$0 + required.count])
            }
        }
        return [row(required + optional, values)]
    }
}
