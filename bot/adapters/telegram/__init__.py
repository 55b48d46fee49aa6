"""Telegram: what people do there as `Incoming`, what the bot says as Telegram's messages."""
