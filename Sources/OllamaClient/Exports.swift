// The client's timeouts and its transport are types of HTTPClient, so a program that imports OllamaClient sees both.
@_exported public import HTTPClient
// The tools of a request are made by OllamaSchema.
@_exported public import OllamaSchema
