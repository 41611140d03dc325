/// A type whose values are JSON scalars.
///
/// ``ToolValue/toolValue`` is null only for a value that JSON cannot represent.
package protocol ToolScalar: ToolValue {}
