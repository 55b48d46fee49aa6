"""The daily question: subscriptions, schedules, reviews and streaks."""
