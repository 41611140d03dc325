package import ToolJSON
import ToolSchema

extension RegisteredTool {
    /// Returns true if arguments fit the tool's schema, and the schema declares all of them.
    ///
    /// A call passes undeclared arguments on. A text that only looks like a call may have any.
    package func declares(_ arguments: JSONObject) -> Bool {
        let budget = WorkBudget(steps: 1_000_000)
        let fitting = parameterSchema.fitting(arguments: arguments, ofToolNamed: name, within: budget)
        return fitting.isComplete && fitting.violations.isEmpty && fitting.undeclaredNames.isEmpty
    }
}
