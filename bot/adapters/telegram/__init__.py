"""Telegram: what people do there as `Heard`, what the bot says as Telegram's messages."""
