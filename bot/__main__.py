"""`python -m bot` is `mockbot`."""

from bot.cli import main

main()
