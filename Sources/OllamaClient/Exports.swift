// The client's timeouts and its transport are types of this module, so who imports one sees both.
@_exported public import HTTPClient
