"""The loop of the Ollama client's documentation: asks for prompts, and prints each answer while it arrives."""
import ollama

client = ollama.Client()
messages = []
while True:
    messages.append({"role": "user", "content": input("> ")})
    text = ""
    for part in client.chat(model="scripted", messages=messages, stream=True):
        print(part.message.content, end="", flush=True)
        text += part.message.content
    print()
    messages.append({"role": "assistant", "content": text})
