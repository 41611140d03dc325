import ToolJSON
import ToolPlugin

/// The tools of a large host and prompts about them, to measure a search for tools.
///
/// The prompts were written before the ranking, and many of them paraphrase the tool.
enum SearchableTools {
    /// A tool that a search can find, with the descriptions of its parameters by name.
    struct Entry: ProgramTool {
        let name: String
        let description: String
        let parameters: KeyValuePairs<String, String>

        init(_ name: String, _ description: String, _ parameters: KeyValuePairs<String, String> = [:]) {
            (self.name, self.description, self.parameters) = (name, description, parameters)
        }

        var schema: JSONObject {
            var properties: JSONObject = [:]
            for (name, description) in parameters {
                properties[name] = ["type": "string", "description": .string(description)]
            }
            return [
                "name": .string(name), "description": .string(description),
                "parameters": ["type": "object", "properties": .object(properties)],
            ]
        }

        func execute(_ arguments: JSONObject) async throws -> ToolReply { .text("\(name) was called") }
    }

    static let tools: [Entry] = [
        Entry("get_weather", "Get the current weather of a city.", ["city": "The name of the city"]),
        Entry(
            "get_forecast",
            "Get the weather forecast for the next days: temperature, rain and wind.",
            ["city": "The name of the city", "days": "The number of days"]
        ),
        Entry("get_air_quality", "Get the air quality index and the pollen count of a place.", ["place": "The place"]),
        Entry("get_time", "Get the current date and time in a time zone.", ["zone": "The time zone"]),
        Entry(
            "convert_time",
            "Convert a time from one time zone to another.",
            ["time": "The time", "from": "The source time zone", "to": "The target time zone"]
        ),
        Entry("set_alarm", "Set an alarm that rings at a given time.", ["time": "When it rings"]),
        Entry("start_timer", "Start a countdown.", ["minutes": "The duration in minutes"]),
        Entry("create_event", "Add an appointment or meeting to the calendar.", ["title": "Title", "start": "Start"]),
        Entry("list_events", "List the appointments and meetings of a day in the calendar.", ["day": "The date"]),
        Entry("delete_event", "Remove an appointment from the calendar.", ["id": "The identifier of the event"]),
        Entry("send_email", "Send an e-mail message.", ["to": "The recipient", "subject": "Subject", "body": "Text"]),
        Entry("search_email", "Search the mailbox for messages.", ["query": "Words in the mail or its sender"]),
        Entry("read_email", "Read one message of the inbox.", ["id": "The identifier of the message"]),
        Entry("send_sms", "Send a text message to a phone number.", ["number": "Phone number", "text": "The text"]),
        Entry("call_contact", "Start a phone call with a person.", ["name": "The person to call"]),
        Entry("find_contact", "Look up a person's phone number and address in the address book.", ["name": "Name"]),
        Entry("read_file", "Read a text file and return its content.", ["path": "The path of the file"]),
        Entry("write_file", "Write text to a file, and replace what it held.", ["path": "Path", "content": "Text"]),
        Entry("list_directory", "List the files in a directory.", ["path": "The path of the directory"]),
        Entry("delete_file", "Delete a file permanently.", ["path": "The path of the file"]),
        Entry("move_file", "Move or rename a file.", ["source": "The old path", "target": "The new path"]),
        Entry("searchFiles", "Search a directory for files that contain a string.", ["text": "The string to find"]),
        Entry("compress_files", "Pack files into a ZIP archive.", ["paths": "The files", "archive": "The archive"]),
        Entry("extract_archive", "Unpack a ZIP or tar archive.", ["archive": "The archive", "target": "Directory"]),
        Entry("disk_usage", "Report the free and used space of each drive.", ["drive": "The drive"]),
        Entry("list_processes", "List the running programs with their memory and CPU load.", ["sort": "The order"]),
        Entry("kill_process", "Terminate a running program.", ["pid": "The identifier of the process"]),
        Entry("run_command", "Run a command in a shell and return its output.", ["command": "The command line"]),
        Entry("system_info", "Report the operating system, the processor and the installed memory.", [:]),
        Entry("take_screenshot", "Capture an image of the screen.", ["display": "The monitor"]),
        Entry("resize_image", "Change the width and height of a picture.", ["path": "Picture", "width": "Pixels"]),
        Entry("convert_image", "Convert a picture to another format, such as PNG or JPEG.", ["path": "Picture"]),
        Entry("ocr_image", "Recognize the printed words in a scanned page or photo.", ["path": "The photo"]),
        Entry("generate_image", "Draw a picture from a description.", ["description": "What the picture shows"]),
        Entry("play_music", "Play a song, an album or an artist.", ["query": "The song or artist"]),
        Entry("pause_music", "Pause the playback.", [:]),
        Entry("set_volume", "Set the loudness of the speakers.", ["percent": "0 to 100"]),
        Entry("turn_on_light", "Switch a lamp on.", ["room": "The room", "brightness": "Percent"]),
        Entry("turn_off_light", "Switch a lamp off.", ["room": "The room"]),
        Entry("set_thermostat", "Set the heating to a temperature.", ["degrees": "Degrees Celsius"]),
        Entry("lock_door", "Lock a door of the house.", ["door": "The door"]),
        Entry("web_search", "Search the web and return links with summaries.", ["query": "The question"]),
        Entry("fetch_page", "Download a web page and return its text.", ["url": "The address of the page"]),
        Entry(
            "wikipedia_article",
            "Get the article about a subject from the encyclopedia Wikipedia.",
            ["title": "Title"]
        ),
        Entry("get_news", "Get the latest headlines about a topic.", ["topic": "The topic"]),
        Entry("translate_text", "Translate a text into another language.", ["text": "Text", "language": "Target"]),
        Entry("define_word", "Look a word up in a dictionary: meaning, synonyms and origin.", ["word": "The word"]),
        Entry("check_spelling", "Find spelling and grammar mistakes in a text.", ["text": "The text"]),
        Entry("summarize_text", "Shorten a long text to its main points.", ["text": "The text"]),
        Entry("calculate", "Evaluate an arithmetic expression.", ["expression": "Such as 2 * (3 + 4)"]),
        Entry("solve_equation", "Solve an equation for an unknown.", ["equation": "Such as x^2 = 2", "unknown": "x"]),
        Entry("plot_function", "Draw the graph of a mathematical function.", ["function": "Such as sin(x)"]),
        Entry("convert_units", "Convert a length, weight or volume to another unit.", ["value": "The quantity"]),
        Entry("convert_currency", "Convert an amount of money with the current exchange rate.", ["amount": "Amount"]),
        Entry("get_stock_price", "Get the price of a share on the stock market.", ["symbol": "The ticker symbol"]),
        Entry("query_database", "Run an SQL query and return the rows.", ["sql": "A SELECT statement"]),
        Entry("list_tables", "List the tables of the database with their columns.", ["schema": "The schema"]),
        Entry("git_log", "Show the latest commits of a repository.", ["repository": "Path", "count": "How many"]),
        Entry("git_diff", "Show the changes in the working tree that are not committed.", ["repository": "Path"]),
        Entry("create_issue", "Report a bug in the issue tracker of a project.", ["title": "Title", "body": "Text"]),
        Entry("get_directions", "Find the route between two places by car, bicycle or on foot.", ["from": "Start"]),
        Entry("find_restaurant", "Find places to eat near an address.", ["address": "Address", "cuisine": "Kind"]),
        Entry("book_flight", "Reserve a seat on an airplane.", ["from": "Airport", "to": "Airport", "date": "Date"]),
        Entry("track_parcel", "Find out where a shipment is.", ["number": "The tracking number of the carrier"]),
    ]

    /// Prompts, each with the name of the tool that it needs.
    static let prompts: KeyValuePairs<String, String> = [
        "What is the weather in Oslo right now?": "get_weather",
        "Will it rain in Hamburg on Thursday?": "get_forecast",
        "Is there a lot of pollen in the air in Vienna today?": "get_air_quality",
        "What time is it in Tokyo?": "get_time",
        "If it is 3 pm in Berlin, what time zone conversion gives New York?": "convert_time",
        "Wake me at 6:30 with an alarm": "set_alarm",
        "Give me a countdown of ten minutes for the eggs": "start_timer",
        "Put a meeting with Ada on Friday at noon into my calendar": "create_event",
        "Which appointments do I have tomorrow?": "list_events",
        "Cancel my dentist appointment, remove it from the calendar": "delete_event",
        "Mail the report to the boss": "send_email",
        "Find the mails that Grace sent me about the invoice": "search_email",
        "Open the newest message in my inbox": "read_email",
        "Text my sister that I am late": "send_sms",
        "Phone grandmother": "call_contact",
        "What is the address of Alan, is he in my address book?": "find_contact",
        "Show me the content of notes.txt": "read_file",
        "Save this poem to poem.txt": "write_file",
        "Which files are in my downloads directory?": "list_directory",
        "Delete the file old.log": "delete_file",
        "Rename draft.md to final.md": "move_file",
        "In which of my files does the string TODO occur?": "searchFiles",
        "Make a zip of the pictures": "compress_files",
        "Unpack backup.tar here": "extract_archive",
        "How much free space is left on the drive?": "disk_usage",
        "Which programs need the most memory at the moment?": "list_processes",
        "The browser hangs, terminate it": "kill_process",
        "Run make test in a shell": "run_command",
        "Which processor does this computer have?": "system_info",
        "Capture what is on my screen": "take_screenshot",
        "Make this picture 800 pixels wide": "resize_image",
        "Turn logo.png into a JPEG": "convert_image",
        "Recognize the words on this scanned receipt": "ocr_image",
        "Draw a picture of a cat on the moon": "generate_image",
        "Play something by Bach": "play_music",
        "Stop the playback for a moment": "pause_music",
        "The speakers are too loud": "set_volume",
        "It is dark in the kitchen, switch the lamp on": "turn_on_light",
        "Lights out in the bedroom": "turn_off_light",
        "Make it 21 degrees warm in here, turn up the heating": "set_thermostat",
        "Is the front door locked? Lock it please": "lock_door",
        "Search the web for reviews of this phone": "web_search",
        "Download https://example.org and tell me what the page says": "fetch_page",
        "What does Wikipedia say about photosynthesis?": "wikipedia_article",
        "What are the headlines about the election?": "get_news",
        "How do you say good morning in Portuguese? Translate it": "translate_text",
        "What is the meaning of the word serendipity?": "define_word",
        "Are there grammar mistakes in my letter?": "check_spelling",
        "Give me the main points of this long article": "summarize_text",
        "How much is 17.5 * 23?": "calculate",
        "For which x is x^2 - 5x + 6 = 0? Solve it": "solve_equation",
        "Show me the graph of sin(x) / x": "plot_function",
        "How many miles are 42 kilometres? Convert the length": "convert_units",
        "What are 100 dollars worth in euros at today's exchange rate?": "convert_currency",
        "How much does one share of Apple cost?": "get_stock_price",
        "Count the rows of the customers table with SQL": "query_database",
        "Who made the last commits in this repository?": "git_log",
        "What did I change since the last commit?": "git_diff",
        "How do I get from the station to the museum by bicycle?": "get_directions",
        "Where is my parcel with the number 1Z999?": "track_parcel",
    ]
}
