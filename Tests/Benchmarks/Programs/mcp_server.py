"""An MCP server over stdio with the tool of the other peers, written with the official SDK."""
try:
    from mcp.server.mcpserver import MCPServer
except ImportError:
    from mcp.server.fastmcp import FastMCP as MCPServer

server = MCPServer("weather")
temperatures = {"New York": "22C", "London": "15C", "Tokyo": "18C"}


@server.tool()
def get_temperature(city: str) -> str:
    """Get the temperature of a city"""
    return temperatures.get(city, "Unknown")


server.run()
