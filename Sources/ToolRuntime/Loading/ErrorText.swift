import Glibc

/// Returns the system's description of an error number.
package func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
