#include "tool_plugin.h"
