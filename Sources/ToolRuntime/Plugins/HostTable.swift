import CToolPlugin
import ToolJSON

/// Returns the table of functions that plugins call.
///
/// Each function looks up its call by number, so a late or forged number has no effect.
func makeHostTable() -> tool_host_v1 {
    tool_host_v1(
        struct_size: UInt32(MemoryLayout<tool_host_v1>.size),
        flags: 0,
        context: nil,
        write: { host, call, mediaType, bytes in
            withCall(host, call) { $0.write(mediaType, bytes) }
        },
        complete: { host, call, status in
            guard let context = PluginContext.of(host) else { return TOOL_RESULT_INVALID }
            guard let record = CallTable.shared[call], record.plugin.context === context else {
                context.recordViolation("It completed call \(call), which does not run, or completed it twice.")
                return TOOL_RESULT_GONE
            }
            return record.complete(status)
        },
        progress: { host, call, fraction, message in
            withCall(host, call) { $0.reportProgress(fraction, message) }
        },
        log: { host, level, message in
            PluginContext.of(host)?.log(level, message) ?? TOOL_RESULT_INVALID
        },
        resolve: { host, call, name, addresses in
            withCall(host, call) { $0.resolve(name, into: addresses) }
        },
        config: { host, key, value in
            guard let context = PluginContext.of(host), let value else { return TOOL_RESULT_INVALID }
            guard let text = context.configurationValue(key) else { return TOOL_RESULT_MISSING }
            value.pointee = text
            return TOOL_RESULT_OK
        },
        get_text: { host, call, pointer, value in
            read(host, call, pointer, into: value) { record, json, name in
                guard case .string(let text) = json else { return .failure(TOOL_RESULT_WRONG_TYPE) }
                return .success(record.hold(text.utf8, as: .text, name))
            }
        },
        get_i64: { host, call, pointer, value in
            read(host, call, pointer, into: value) { _, json, _ in
                guard case .number(let number) = json else { return .failure(TOOL_RESULT_WRONG_TYPE) }
                if let integer = number.int64 { return .success(integer) }
                let isWhole = number.double.rounded() == number.double
                return .failure(isWhole ? TOOL_RESULT_RANGE : TOOL_RESULT_WRONG_TYPE)
            }
        },
        get_f64: { host, call, pointer, value in
            read(host, call, pointer, into: value) { _, json, _ in
                guard case .number(let number) = json else { return .failure(TOOL_RESULT_WRONG_TYPE) }
                return number.double.isFinite ? .success(number.double) : .failure(TOOL_RESULT_RANGE)
            }
        },
        get_bool: { host, call, pointer, value in
            read(host, call, pointer, into: value) { _, json, _ in
                guard case .bool(let flag) = json else { return .failure(TOOL_RESULT_WRONG_TYPE) }
                return .success(flag ? 1 : 0)
            }
        },
        get_json: { host, call, pointer, value in
            read(host, call, pointer, into: value) { record, json, name in
                .success(record.hold(json.bytes(), as: .json, name))
            }
        }
    )
}

private func withCall(
    _ host: UnsafePointer<tool_host_v1>?,
    _ call: UInt64,
    _ body: (CallRecord) -> Int32
) -> Int32 {
    guard let context = PluginContext.of(host) else { return TOOL_RESULT_INVALID }
    guard let record = CallTable.shared[call], record.plugin.context === context else { return TOOL_RESULT_GONE }
    return body(record)
}

private enum Reading<Value> {
    case success(Value)
    case failure(Int32)
}

private func read<Value>(
    _ host: UnsafePointer<tool_host_v1>?,
    _ call: UInt64,
    _ pointer: tool_text_v1,
    into value: UnsafeMutablePointer<Value>?,
    _ body: (CallRecord, JSON, String) -> Reading<Value>
) -> Int32 {
    guard let value, let bytes = pointer.bufferIfValid else { return TOOL_RESULT_INVALID }
    let name = String(decoding: bytes, as: UTF8.self)
    return withCall(host, call) { record in
        guard let json = record.values()[pointer: name] else { return TOOL_RESULT_MISSING }
        switch body(record, json, name) {
        case .success(let result):
            value.pointee = result
            return TOOL_RESULT_OK
        case .failure(let code):
            return code
        }
    }
}
