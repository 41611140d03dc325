/// The tables of the history, with the steps from each version to the next one.
///
/// A conversation has messages at the positions 0, 1, 2 and so on. Of a message, `content` and `calls` are the members
/// `content` and `tool_calls` of its JSON, and `extra` is an object with the other members but the role. The strings are
/// apart because the index of words refers to them and has no copy.
enum HistorySchema {
    /// The mark of the file: the first four bytes of "toolhost".
    static let applicationID = 0x746F_6F6C

    /// The step to each version from the one before it, the first one from an empty file.
    ///
    /// Steps of released versions never change.
    static let steps = [
        """
        CREATE TABLE conversation(
          id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, title TEXT NOT NULL, model TEXT NOT NULL,
          created INTEGER NOT NULL, updated INTEGER NOT NULL, messages INTEGER NOT NULL, bytes INTEGER NOT NULL);
        CREATE INDEX conversation_updated ON conversation(updated);
        CREATE TABLE message(
          id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, position INTEGER NOT NULL,
          time INTEGER NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL,
          content TEXT NOT NULL, calls TEXT NOT NULL, extra TEXT NOT NULL);
        CREATE UNIQUE INDEX message_position ON message(conversation, position);
        CREATE INDEX message_owner ON message(id, conversation);
        CREATE TABLE call(
          name TEXT NOT NULL, conversation INTEGER NOT NULL, position INTEGER NOT NULL,
          PRIMARY KEY(name, conversation, position)) WITHOUT ROWID;
        CREATE INDEX call_position ON call(conversation, position);
        CREATE TABLE state(indexed INTEGER NOT NULL);
        INSERT INTO state VALUES(0);
        """
    ]

    /// The index of words, which needs FTS5; a database without it is searched by comparing each message.
    ///
    /// `libsqlite_connect` describes its tokenizer, so other programs can read all tables but this one.
    static let index = """
        CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5(
          content, calls, content = 'message', content_rowid = 'id', tokenize = 'characters remove_diacritics 2')
        """

    /// The settings of a connection, apart from its maximum size.
    static let settings = """
        PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
        PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -4000
        """
}
