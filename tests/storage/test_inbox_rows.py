"""What came in before an update is worked on after it."""

import json

import pytest
from by_hand import downgrade, sql, upgrade

from bot.service.ports.incoming import Content, Edited, Incoming, Moved, Pressed, Said
from bot.storage import migrate, open_store
from rows import waiting

# A row as revision 0006 wrote it, but for its content.
_KEPT = (
    '{"key":"telegram:9","place":"telegram:7","person":"telegram:7","at":5,"what":%s,"private":true,"addressed":true,'
    '"ticket":"","locale":"en","within":["telegram:-1"],"name":"Kim"}'
)
_ROWS = {
    '{"text":"what: \\"this\\"","source":"1","reply_to":"","type":"said"}': Said('what: "this"', "1"),
    '{"text":"two","source":"1","type":"edited"}': Edited("two", "1"),
    '{"session_id":3,"mark":"q1","what":"hint","type":"pressed"}': Pressed(3, "q1", "hint"),
    '{"old":"telegram:-1","new":"telegram:-2","type":"moved"}': Moved("telegram:-1", "telegram:-2"),
}


@pytest.mark.parametrize(("what", "content"), _ROWS.items())
async def test_what_came_in_and_was_not_worked_on_before_an_update_can_be_read_after_it(
    empty_database_url: str, what: str, content: Content
) -> None:
    url, heard = empty_database_url, _KEPT % what
    await upgrade(url, "0006")
    row = heard.replace(":", r"\:")
    await sql(
        url,
        f"INSERT INTO inbox (key, heard, received_at, place) VALUES ('telegram\\:9', '{row}', 5, 'telegram\\:7')",
        "INSERT INTO inbox (key, heard, received_at, done_at, place) VALUES ('done', '', 4, 4, 'telegram\\:7')",
    )
    await migrate(url)
    store = await open_store(url)
    kept = Incoming(
        "telegram:9", "telegram:7", "telegram:7", 5, content, locale="en", within=("telegram:-1",), name="Kim"
    )
    assert await waiting(store) == [kept]
    await store.close()
    await downgrade(url, "0006")
    rows = await sql(url, "SELECT heard FROM inbox ORDER BY id")
    assert [json.loads(text) if text else None for (text,) in rows] == [json.loads(heard), None]
