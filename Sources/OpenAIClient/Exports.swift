// Requests, pieces of answers and errors are types of OllamaClient, so a program that imports OpenAIClient sees both.
@_exported public import OllamaClient
