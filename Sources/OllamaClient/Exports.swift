// The client's timeouts and its transport are types of this module, so a program that imports this one sees both.
@_exported public import HTTPClient
