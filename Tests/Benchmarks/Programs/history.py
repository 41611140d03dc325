"""Reads a history with Python's sqlite3, as far as it can: it has no tokenizer for the index of words.

Reads lines `NAME COUNT`, and prints the nanoseconds of so many repetitions.
"""
import gc, itertools, json, sqlite3, sys, time

path = sys.argv[1]
LIST = "SELECT * FROM conversation ORDER BY updated DESC, id DESC LIMIT ?"
MESSAGES = "SELECT role, content, calls, extra FROM message WHERE conversation = ? ORDER BY position"
SEARCH = "SELECT id, content FROM message WHERE content LIKE ? OR calls LIKE ? ORDER BY id DESC LIMIT 20"
history = sqlite3.connect(path)


def conversations(limit):
    connection = sqlite3.connect(path)
    return connection, connection.execute(LIST, (limit,)).fetchall()


def messages(selection):
    connection = sqlite3.connect(path)
    (conversation,) = connection.execute(selection).fetchone()
    result = []
    for role, content, calls, extra in connection.execute(MESSAGES, (conversation,)):
        result.append({"role": role, "content": content, **json.loads(extra or "{}")})
        if calls:
            result[-1]["tool_calls"] = json.loads(calls)
    return connection, result


def search(text):
    pattern = f"%{text}%"
    return history.execute(SEARCH, (pattern, pattern)).fetchall()


work = {
    "list": lambda: conversations(20),
    "continue": lambda: messages("SELECT id FROM conversation ORDER BY updated DESC, id DESC LIMIT 1"),
    "continue-long": lambda: messages("SELECT id FROM conversation WHERE name = 'long'"),
    "rare": lambda: search("quetzalcoatl"),
    "east-asian-rare": lambda: search("煎餅"),
}
# Like timeit: no garbage collection while a batch runs.
gc.disable()
print("ready", flush=True)
for line in sys.stdin:
    name, count = line.split()
    duration = 0
    for _ in itertools.repeat(None, int(count)):
        start = time.perf_counter_ns()
        result = work[name]()
        duration += time.perf_counter_ns() - start
        assert result
    gc.collect()
    print(duration, flush=True)
