"""Discord: what people do there as `Incoming`, what the bot says as Discord's messages."""
