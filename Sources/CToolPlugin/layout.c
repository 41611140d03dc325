// The layout of the contract, which plugins in all languages depend on. It never changes within ABI version 1.
#include "tool_plugin.h"

#define LAYOUT(type, field, at) _Static_assert(offsetof(type, field) == (at), #type "." #field " has moved")
#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " has changed its size")

_Static_assert(sizeof(void *) == 8 && sizeof(void (*)(void)) == 8, "the contract is for 64-bit machines");

SIZE(tool_text_v1, 16);
LAYOUT(tool_text_v1, bytes, 0);
LAYOUT(tool_text_v1, length, 8);

SIZE(tool_call_v1, 56);
LAYOUT(tool_call_v1, struct_size, 0);
LAYOUT(tool_call_v1, flags, 4);
LAYOUT(tool_call_v1, id, 8);
LAYOUT(tool_call_v1, arguments, 16);
LAYOUT(tool_call_v1, deadline_ns, 32);
LAYOUT(tool_call_v1, cancelled, 40);
LAYOUT(tool_call_v1, host, 48);

SIZE(tool_host_v1, 104);
LAYOUT(tool_host_v1, struct_size, 0);
LAYOUT(tool_host_v1, flags, 4);
LAYOUT(tool_host_v1, context, 8);
LAYOUT(tool_host_v1, write, 16);
LAYOUT(tool_host_v1, complete, 24);
LAYOUT(tool_host_v1, progress, 32);
LAYOUT(tool_host_v1, log, 40);
LAYOUT(tool_host_v1, resolve, 48);
LAYOUT(tool_host_v1, config, 56);
LAYOUT(tool_host_v1, get_text, 64);
LAYOUT(tool_host_v1, get_i64, 72);
LAYOUT(tool_host_v1, get_f64, 80);
LAYOUT(tool_host_v1, get_bool, 88);
LAYOUT(tool_host_v1, get_json, 96);

SIZE(tool_native_v1, 32);
LAYOUT(tool_native_v1, struct_size, 0);
LAYOUT(tool_native_v1, flags, 4);
LAYOUT(tool_native_v1, function, 8);
LAYOUT(tool_native_v1, signature, 16);

SIZE(tool_v1, 56);
LAYOUT(tool_v1, struct_size, 0);
LAYOUT(tool_v1, flags, 4);
LAYOUT(tool_v1, schema, 8);
LAYOUT(tool_v1, execute, 24);
LAYOUT(tool_v1, context, 32);
LAYOUT(tool_v1, cancel, 40);
LAYOUT(tool_v1, native, 48);

SIZE(tool_plugin_v1, 40);
LAYOUT(tool_plugin_v1, struct_size, 0);
LAYOUT(tool_plugin_v1, flags, 4);
LAYOUT(tool_plugin_v1, manifest, 8);
LAYOUT(tool_plugin_v1, tools, 24);
LAYOUT(tool_plugin_v1, tool_count, 32);
