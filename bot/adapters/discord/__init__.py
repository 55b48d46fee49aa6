"""Discord: what people do there as `Heard`, what the bot says as Discord's messages."""
