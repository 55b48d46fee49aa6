"""The methods that speak in a chat: send, edit, delete."""

from __future__ import annotations

from botapi import keyboards, payloads
from botapi.judge import CAPTION_LIMIT, TEXT_LIMIT, Shown
from botapi.nouns import ApiError, Attachment, Json, Sent, refuse
from botapi.params import Params, Upload
from botapi.world import Chat, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
UPLOAD_LIMIT = 50_000_000
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def chat_of(world: World, params: Params) -> Chat:
    """The chat a request names."""
    if not params.given("chat_id"):
        refuse("chat_id is empty")
    chat = world.chats.get(params.integer("chat_id"))
    if chat is None:
        refuse("chat not found")
    return chat


def writable(world: World, params: Params, what: str = "text messages") -> Chat:
    """The chat a request names, if the bot may write there."""
    chat = chat_of(world, params)
    if chat.moved_to is not None:
        refuse("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    if chat.kind == "private":
        _welcome(chat)
    elif chat.status in {"kicked", "left"}:
        out = "was kicked from" if chat.status == "kicked" else "is not a member of"
        raise ApiError(403, f"Forbidden: bot {out} the {chat.kind} chat")
    if chat.muted or chat.status == "restricted":
        refuse(f"not enough rights to send {what} to the chat")
    return chat


def _welcome(chat: Chat) -> None:
    if chat.status == "new":
        raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    if chat.status == "kicked":
        raise ApiError(403, "Forbidden: bot was blocked by the user")


async def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    chat = writable(world, params)
    shown = _shown(world, params, "text", TEXT_LIMIT)
    return _send(world, chat, params, shown)


async def send_document(world: World, params: Params) -> Json:
    """Send a file."""
    return _send_file(world, params, "document")


async def send_photo(world: World, params: Params) -> Json:
    """Send a picture."""
    return _send_file(world, params, "photo")


async def edit_message_text(world: World, params: Params) -> Json:
    """Change a text; leaving out the keyboard removes it."""
    chat, old = _editable(world, params)
    shown = _shown(world, params, "text", TEXT_LIMIT)
    if old.document is not None:
        refuse("there is no text in the message to edit")
    return _edit(chat, old, shown, params)


async def edit_message_caption(world: World, params: Params) -> Json:
    """Change what stands under a file."""
    chat, old = _editable(world, params)
    if old.document is None:
        refuse("there is no caption in the message to edit")
    return _edit(chat, old, _shown(world, params, "caption", CAPTION_LIMIT), params)


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Change or remove the buttons of a message."""
    chat, old = _editable(world, params)
    return _edit(chat, old, Shown(old.text, old.entities, old.found), params)


async def delete_message(world: World, params: Params) -> bool:
    """Delete a message."""
    chat = chat_of(world, params)
    number = params.integer("message_id")
    if number not in chat.log:
        refuse("message to delete not found")
    if number not in chat.sent and chat.kind != "private" and chat.status != "administrator":
        refuse("message can't be deleted")
    chat.drop(number)
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is typing."""
    chat = writable(world, params)
    _thread(chat, params, None)
    if params.text("action") not in ACTIONS:
        refuse("wrong parameter action in request")
    return True


def _shown(world: World, params: Params, name: str, limit: int) -> Shown:
    text = params.text(name)
    if name == "text" and not text:
        refuse("message text is empty")
    entities = params.json("entities" if name == "text" else "caption_entities", "entities")
    if entities is not None and not (isinstance(entities, list) and all(isinstance(e, dict) for e in entities)):
        refuse("expected an Array of MessageEntity")
    shown = world.judge.shown(text, params.text("parse_mode"), entities, limit) if text else Shown("")
    if name == "text" and not shown.text:
        refuse("text must be non-empty")
    return shown


def _send(world: World, chat: Chat, params: Params, shown: Shown, file: Attachment | None = None) -> Json:
    markup = keyboards.checked(params.json("reply_markup", "reply markup"))
    reply_to = _reply(chat, params)
    thread = _thread(chat, params, reply_to)
    message = Sent(
        message_id=chat.next_number(),
        chat_id=chat.id,
        text=shown.text,
        entities=shown.entities,
        found=shown.found,
        buttons=keyboards.buttons(markup),
        markup=markup,
        reply_to=reply_to,
        thread=thread,
        document=file,
        at=world.clock(),
        kind=file.kind if file else "text",
        silent=params.flag("disable_notification"),
    )
    return chat.put(message)


def _send_file(world: World, params: Params, kind: str) -> Json:
    chat = writable(world, params, f"{kind}s")
    caption = _shown(world, params, "caption", CAPTION_LIMIT)
    return _send(world, chat, params, caption, _file(world, params, kind))


def _file(world: World, params: Params, kind: str) -> Attachment:
    value = params.text(kind)
    upload = params.uploads.get(value.removeprefix("attach://") or kind)
    if upload is not None:
        return _stored(world, kind, upload)
    if value not in world.files:
        refuse("wrong file identifier/HTTP URL specified" if value else f"there is no {kind} in the request")
    return world.files[value]


def _stored(world: World, kind: str, upload: Upload) -> Attachment:
    if not upload.content:
        refuse("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    return world.keep(kind, upload.name, upload.content, upload.mime)


def _reply(chat: Chat, params: Params) -> int | None:
    wanted = params.json("reply_parameters", "reply parameters") or {}
    if not isinstance(wanted, dict) or not isinstance(wanted.get("message_id", 0), int):
        refuse("object expected as reply parameters")
    number = int(wanted.get("message_id", params.integer("reply_to_message_id")))
    known = number in chat.log and wanted.get("chat_id", chat.id) == chat.id
    optional = wanted.get("allow_sending_without_reply", params.flag("allow_sending_without_reply"))
    if number and not known and not optional:
        refuse("message to be replied not found")
    if not known:
        return None
    _quote(chat.log[number], str(wanted.get("quote", "")))
    return number


def _quote(message: Json, quote: str) -> None:
    if quote not in str(message.get("text", message.get("caption", ""))):
        refuse("QUOTE_TEXT_INVALID")


def _thread(chat: Chat, params: Params, reply_to: int | None) -> int | None:
    """The topic a message goes to: the one named, else that of the message it answers."""
    thread = params.integer("message_thread_id") or None
    if thread is not None and thread not in chat.topics:
        refuse("message thread not found")
    if thread is None and reply_to is not None and chat.is_forum:
        thread = chat.log[reply_to].get("message_thread_id")
    if thread is not None and thread in chat.closed and chat.status != "administrator":
        refuse("TOPIC_CLOSED")
    return thread


def _editable(world: World, params: Params) -> tuple[Chat, Sent]:
    chat = writable(world, params)
    number = params.integer("message_id")
    if number not in chat.log:
        refuse("message to edit not found")
    if number not in chat.sent or (chat.sent[number].markup and not chat.sent[number].buttons):
        refuse("message can't be edited")
    return chat, chat.sent[number]


def _edit(chat: Chat, old: Sent, shown: Shown, params: Params) -> Json:
    markup = keyboards.checked(params.json("reply_markup", "reply markup"))
    if markup and "inline_keyboard" not in markup:
        refuse("object expected as reply markup")
    kept = markup if keyboards.buttons(markup) else None
    if (shown.text, shown.entities, kept) == (old.text, old.entities, old.markup):
        refuse(NOT_MODIFIED)
    parts = {"text": shown.text, "entities": shown.entities, "found": shown.found}
    return chat.change(old.message_id, **parts, markup=kept, buttons=keyboards.buttons(kept))


def member_of(world: World, params: Params) -> Json:
    """The chat member a request names."""
    chat, number = chat_of(world, params), params.integer("user_id")
    if number == world.bot.id:
        return payloads.member(world.bot, chat.status)
    if number not in world.users:
        refuse("PARTICIPANT_ID_INVALID")
    status = "member" if number in chat.members else "left"
    return payloads.member(world.users[number], chat.admins.get(number, status))
