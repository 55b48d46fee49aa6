"""The people and chats around the bot, and what happens in them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from botapi import payloads
from botapi.judge import TEXT_LIMIT, Judge, units
from botapi.nouns import Attachment, Json, Post, Press, Sent, User

if TYPE_CHECKING:
    from botapi.updates import Updates

GENERAL = 1  # the id of a forum's General topic, which messages never carry


ANYBODY = User(1, "Anybody")  # acts where a test names nobody


class World:
    """Everything that Telegram would know: users, chats, files, presses."""

    updates: Updates

    def __init__(self, bot: User, judge: Judge, clock: Callable[[], float] = time.time) -> None:
        self.bot = bot
        self.judge = judge
        self.clock = clock
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Attachment] = {}
        self.pressed: dict[str, Press] = {}
        self.numbers = itertools.count(1)
        self.message_numbers = itertools.count(1)

    def user(self, number: int, first_name: str, *, language: str = "en", username: str = "") -> User:
        """Declare a person."""
        self.users[number] = User(number, first_name, language, username)
        return self.users[number]

    def private(self, person: User, *, started: bool = True) -> Chat:
        """The person's chat with the bot; not started: the bot may not write first."""
        return self.add(Chat(self, person.id, "private", person=person, status="member" if started else "new"))

    def group(self, number: int = -4001, title: str = "Group", *members: User, admin: bool = False) -> Chat:
        """A basic group with the bot in it; as `admin` it hears everything."""
        return self.add(Chat(self, number, "group", title, members, status=_status(admin=admin)))

    def supergroup(
        self, number: int = -1001000000001, title: str = "Group", *members: User, admin: bool = False
    ) -> Chat:
        """A supergroup with the bot in it."""
        return self.add(Chat(self, number, "supergroup", title, members, status=_status(admin=admin)))

    def forum(self, number: int = -1001000000002, title: str = "Forum", *members: User, admin: bool = False) -> Chat:
        """A supergroup with topics and the bot in it."""
        chat = self.supergroup(number, title, *members, admin=admin)
        chat.is_forum = True
        return chat

    def add(self, chat: Chat) -> Chat:
        """Put a chat into the world; one that is there already stays."""
        return self.chats.setdefault(chat.id, chat)

    def keep(self, kind: str, name: str, content: bytes, mime: str, size: int | None = None) -> Attachment:
        """Store a file; `size` pretends another one."""
        number = f"file{next(self.numbers)}"
        self.files[number] = Attachment(number, kind, name, content, mime, len(content) if size is None else size)
        return self.files[number]

    async def migrate(self, group: Chat, number: int = -1001000000009) -> Chat:
        """Turn a basic group into a supergroup, with the service messages on both sides."""
        moved = self.supergroup(number, group.title, *group.members.values(), admin=group.status == "administrator")
        group.moved_to = moved.id
        by = next(iter(group.members.values()), ANYBODY)
        group.post(by, {"migrate_to_chat_id": moved.id})
        moved.post(by, {"migrate_from_chat_id": group.id})
        return moved


def _status(*, admin: bool) -> str:
    return "administrator" if admin else "member"


class Chat:
    """A chat as the people in it use it; `status` is the bot's own standing there."""

    def __init__(  # noqa: PLR0913 - a chat is declared in one place, above
        self,
        world: World,
        number: int,
        kind: str,
        title: str = "",
        members: tuple[User, ...] = (),
        *,
        person: User | None = None,
        status: str = "member",
    ) -> None:
        self.world = world
        self.id = number
        self.kind = kind
        self.title = title
        self.person = person
        self.members = {member.id: member for member in members} | ({person.id: person} if person else {})
        self.status = status
        self.is_forum = False
        self.topics: dict[int, str] = {}
        self.closed: set[int] = set()
        self.moved_to: int | None = None
        self.muted = False
        self.admins: dict[int, str] = {}
        self.sent: dict[int, Sent] = {}
        self.log: dict[int, Json] = {}
        self.arrivals: asyncio.Queue[int] = asyncio.Queue()
        self._numbers = itertools.count(2)  # 1 is the message that made the supergroup, and General's id

    @property
    def messages(self) -> list[Sent]:
        """What the bot sent and did not delete, as it stands now."""
        return list(self.sent.values())

    async def next_message(self, timeout: float = 30) -> Sent:  # noqa: ASYNC109 - it reads as a sentence in tests
        """The bot's next message that was not yet returned here, waited for."""
        async with asyncio.timeout(timeout):
            while (number := await self.arrivals.get()) not in self.sent:
                continue
        return self.sent[number]

    async def says(self, who: User, text: str, *, reply_to: Ref | None = None, topic: int | None = None) -> Post:
        """Somebody writes a text; the first one in private starts the bot."""
        assert 1 <= units(text) <= TEXT_LIMIT, "no app lets a person send this as one message"
        content = payloads.texts(text, self.world.judge.found(text), self.world.users)
        return self._people(who, content, reply_to, topic)

    async def pastes(self, who: User, text: str, *, topic: int | None = None) -> list[Post]:
        """Somebody pastes a long text, which their app splits into messages of 4096."""
        parts = [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]
        return [await self.says(who, part, topic=topic) for part in parts]

    async def edits(self, who: User, post: Post, text: str) -> Post:
        """Somebody changes what they wrote."""
        content = payloads.texts(text, self.world.judge.found(text), self.world.users)
        kept = {key: value for key, value in self.log[post.message_id].items() if key not in {"text", "entities"}}
        payload = kept | content | {"edit_date": int(self.world.clock())}
        self.log[post.message_id] = payload
        self._tell("edited_message", who, payload)
        return Post(post.message_id, self.id, payload)

    async def sends(  # noqa: PLR0913 - each is an optional part of one message
        self,
        who: User,
        kind: str,
        content: bytes = b"\x00",
        *,
        name: str = "",
        mime: str = "application/octet-stream",
        caption: str = "",
        size: int | None = None,
        reply_to: Ref | None = None,
        topic: int | None = None,
    ) -> Post:
        """Somebody sends a file: document, photo, voice, audio, video, video_note, animation or sticker."""
        file = self.world.keep(kind, name or kind, content, mime, size)
        found = self.world.judge.found(caption) if caption else ()
        below = payloads.texts(caption, found, self.world.users, caption=True)
        return self._people(who, payloads.media(file) | below, reply_to, topic)

    async def presses(self, who: User, message: Sent | int, label: str) -> Press:
        """Somebody presses an inline button, as the message stands now."""
        assert _number(message) in self.sent, "the message with this button is gone"
        now = self.sent[_number(message)]
        press = Press(f"cb{next(self.world.numbers)}", label, now.button(label).data, self.world.clock())
        self.world.pressed[press.id] = press
        query = {"id": press.id, "from": payloads.user(who), "message": self.log[now.message_id]}
        query |= {"chat_instance": f"i{self.id}", "data": press.data}
        self.world.updates.add("callback_query", query, self.id)
        return press

    def topic(self, name: str, *, closed: bool = False, by: User | None = None) -> int:
        """Open a topic of a forum; the id is that of its service message."""
        who = by or self._somebody()
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        number = self.next_number()
        self.topics[number] = name
        self._post(number, who, {**created, "message_thread_id": number, "is_topic_message": True})
        if closed:
            self.closed.add(number)
        return number

    def close(self, topic: int) -> None:
        """Close a topic: only administrators may write there."""
        self.closed.add(topic)

    def reopen(self, topic: int) -> None:
        """Open a closed topic again."""
        self.closed.discard(topic)

    def delete_topic(self, topic: int) -> None:
        """Delete a topic with everything in it."""
        del self.topics[topic]

    async def blocks(self) -> None:
        """The person blocks the bot."""
        self._standing("kicked")

    async def unblocks(self) -> None:
        """The person lets the bot write again."""
        self._standing("member")

    async def kicks(self, by: User | None = None) -> None:
        """Somebody removes the bot."""
        self._standing("kicked", by)

    async def invites(self, by: User | None = None) -> None:
        """Somebody adds the bot, which the chat is told too."""
        self._standing("member", by)
        self.post(by or self._somebody(), {"new_chat_members": [payloads.user(self.world.bot)]})

    async def restricts(self, by: User | None = None) -> None:
        """Somebody takes the bot's right to write."""
        self._standing("restricted", by)

    async def joins(self, who: User) -> None:
        """Somebody joins, with the service message."""
        self.members[who.id] = who
        self.post(who, {"new_chat_members": [payloads.user(who)]})

    def post(self, who: User, content: Json) -> Post:
        """A service message."""
        return self._post(self.next_number(), who, content)

    def next_number(self) -> int:
        """The next message id: supergroups count by themselves, other chats with all of the bot's."""
        return next(self._numbers if self.kind == "supergroup" else self.world.message_numbers)

    def put(self, message: Sent) -> Json:
        """Store a message of the bot, new or changed; its payload."""
        fresh = message.message_id not in self.sent
        self.sent[message.message_id] = message
        payload = payloads.sent(message, self, self.world.bot, self.world.users)
        self._topic_head(payload)
        if message.edits:
            payload["edit_date"] = int(self.world.clock())
        self.log[message.message_id] = payload
        if fresh:
            self.arrivals.put_nowait(message.message_id)
        return payload

    def change(self, message_id: int, **fields: object) -> Json:
        """Replace parts of a sent message."""
        old = self.sent[message_id]
        return self.put(replace(old, edits=old.edits + 1, **fields))  # type: ignore[arg-type]

    def drop(self, message_id: int) -> None:
        """Forget a message."""
        self.sent.pop(message_id, None)
        self.log.pop(message_id, None)

    def _people(self, who: User, content: Json, reply_to: Ref | None, topic: int | None) -> Post:
        if self.status == "new":
            self._standing("member")
        number, payload = self.next_number(), dict(content)
        if topic is not None and topic != GENERAL:
            assert topic in self.topics, f"no topic {topic} in {self.title}"
            payload |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to is not None:
            payload["reply_to_message"] = payloads.bare(self.log[_number(reply_to)])
            self._reply_thread(payload)
        return self._post(number, who, payload)

    def _reply_thread(self, payload: Json) -> None:
        """A reply carries its thread's id, also where there are no topics."""
        replied = payload["reply_to_message"]
        if replied.get("is_topic_message"):
            payload |= {"message_thread_id": replied["message_thread_id"], "is_topic_message": True}
        elif self.kind == "supergroup" and not self.is_forum:
            payload["message_thread_id"] = replied.get("message_thread_id", replied["message_id"])

    def _post(self, number: int, who: User, content: Json) -> Post:
        if self.kind != "private":
            self.members.setdefault(who.id, who)
        payload = payloads.envelope(number, self, who, self.world.clock()) | content
        self._topic_head(payload)
        self.log[number] = payload
        self._tell("message", who, payload)
        return Post(number, self.id, payload)

    def _topic_head(self, payload: Json) -> None:
        """Inside a topic, what answers nothing answers the message that opened it."""
        thread = payload.get("message_thread_id")
        if payload.get("is_topic_message") and thread in self.log and "reply_to_message" not in payload:
            payload["reply_to_message"] = payloads.bare(self.log[thread])

    def _tell(self, kind: str, who: User, payload: Json) -> None:
        if who.id != self.world.bot.id and self.status not in {"kicked", "left"} and self._hears(payload):
            self.world.updates.add(kind, payload, self.id)

    def _hears(self, payload: Json) -> bool:
        """Privacy mode: in groups commands, replies to the bot and service messages; administrators hear everything."""
        if self.kind == "private" or self.status == "administrator":
            return True
        service = not {"text", *payloads.MEDIA, "photo", "document"} & payload.keys()
        return service or self._to_bot(payload) or self._commands(payload)

    def _to_bot(self, payload: Json) -> bool:
        return bool(payload.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot.id)

    def _commands(self, payload: Json) -> bool:
        name = f"@{self.world.bot.username}".lower()
        for part in payload.get("entities", []):
            if part["type"] == "bot_command":
                written = payload["text"].encode("utf-16-le")[part["offset"] * 2 :][: part["length"] * 2]
                command = written.decode("utf-16-le").lower()
                if "@" not in command or command.endswith(name):
                    return True
        return False

    def _somebody(self) -> User:
        return next(iter(self.members.values()), ANYBODY)

    def _standing(self, status: str, by: User | None = None) -> None:
        old, self.status = self.status, status
        who, bot = by or self._somebody(), self.world.bot
        change = {"chat": payloads.chat(self), "from": payloads.user(who), "date": int(self.world.clock())}
        change["old_chat_member"] = payloads.member(bot, old)
        change["new_chat_member"] = payloads.member(bot, status)
        if old != "new":
            self.world.updates.add("my_chat_member", change, self.id)


Ref = Sent | Post | int


def _number(message: Ref) -> int:
    return message if isinstance(message, int) else message.message_id
