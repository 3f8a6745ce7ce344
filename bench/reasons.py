"""Why a goal is missed, and what meeting it would take: found by profiles, shown beside the figure."""

REASONS: dict[str, str] = {
    "B1": (
        "An event takes some 1,050 us of processor time, 1,600 before, and the echo's 1,000. Taken out, each found by a profile: a "
        "log line's way through `logging` (45 us to 7, two a time), futures and locks between the request and the lane that "
        "answers (480 us to 370 at 700 a second), redis-py's own work around a command (three commands 100 us to 50), bitmaps "
        "looked for in vain (90 us to 20), zlib. What remains: 230 in Flask and gunicorn, 50 in handing requests to threads, 250 "
        "to 300 in the lane (100 of it aiohttp, the rest wakes and tasks), about 500 in two trips, deciding and writing. Second "
        "ways that were tried: a server in Rust instead of gunicorn took a tenth less and answered fewer (not kept); another "
        "event loop, three or four threads instead of eight, other settings of aiohttp: no difference. The goal would take a "
        "prepared HTTP connection instead of aiohttp, and one outbox entry where reply and notice are two."
    ),
    "B2": (
        "With LINE at 50 ms an event costs what it costs at 0 ms, which is the point; the ratio follows B1. At most 96 replies "
        "are under way at once (it was 32, which held this row to 590 a second)."
    ),
    "B4": (
        "The 99th percentile is the queue in front of one core: it follows B1's processor time. It used to stand at two seconds, "
        "where 600 a second was more than the core could do."
    ),
    "B5": "An answer writes more (a tag, a score, a field, bitmaps, the next question) than a bare word.",
    "B6": "The reply leaves after the commit from the same process and waits for its turn on a core that takes the next webhooks in.",
    "B7": (
        "A friend takes 150 µs of processor time, a forked job 19 ms: a factor of 110 to 140. Of the 150 43 % is the "
        "decision, 17 % reading and unpacking his record, 35 % writing it with its indexes. Done, each found by a "
        "profile: what a decision does not look at stays unread and is written back as it stands (-17 %), zstandard "
        "instead of zlib (27 µs to 12 for packing and unpacking), copies of records written out for their class, one "
        "batch decided while another is read, committed or sent. Tried and not kept: msgspec straight onto the classes "
        "(24 µs where reading in part takes 16), batches above 200. What remains are some forty µs of decision in small "
        "pieces (hours, gate, calendar, filling in), none above 5 %; taking a third off it would take a compiled core. "
        "Two workers carry 10,800 friends a second here, with Redis and LINE on the second's core."
    ),
    "B8": (
        "Sending is not what takes long: multicasts of 500 out of the outbox cost 4.4 µs for a friend where the ceiling "
        "leaves 10 (42,600 friends a second by one process on a busy machine). But each friend's record is read, decided "
        "on and written first, for 150 µs, so that caps, hours, blocks, the report and what is known of him hold as they "
        "do for a step. The ids of a portion are now read as one stretch and nothing is looked for from the beginning. "
        "The ceiling would take a second way: choose by the bitmaps alone (who blocks, opted out, is capped stands in "
        "them), send, and write the records behind, with every reader of a record folding in what is still to be written. "
        "It is not built: until it is proved equal to the first way in races and power losses, a broadcast at the pace of "
        "steps is the safer promise. Workers add up."
    ),
    "B9": (
        "What is due before the next tick is rung for at its moment (median 0.01 s where it was 0.57). In the rush of B7 one "
        "friend stands behind all who were due before him: a hundred thousand take one worker fifteen seconds, two ten. Going "
        "past them would keep nobody's order but the shard's, and was not done: oldest first is what a late evening needs."
    ),
    "B10": (
        "A push costs a decision and a record (as in B7) and then half as much again for its request; an HTTP client of "
        "less than aiohttp would save some tenth of that, and the share of a core that is named would need both at a "
        "third. For the rate's sake a full outbox now flows instead of going out round by round (1,000 a second where it "
        "was 660 on the same busy machine, 1,440 for 20,000 friends on a quieter one; 400 under way instead of 200 gained "
        "nothing), but a shard with less than a batch still ends with its slowest answer before the next shard begins. "
        "Leaving its answers to arrive behind was thought through and not done: a second worker would send the same again "
        "meanwhile."
    ),
    "B11": "Worker, web, Redis and the load share two cores here.",
    "B12": (
        "Tried: all shards end to end, so that a question is put once and not sixteen times; keys written once for a shard; slices "
        "that repeat their neighbour (the upper ones of small scores) made into a number and compared once; pages kept instead of "
        "given back (half of the time at a million went into page faults): 3.5 to 1.7 ms of processor time at 200,000 friends, 10.2 to "
        "5.7 at 1,000,000, 0.8 at 100,000. What remains: two fifths fetch 49 bitmaps of 16 shards (6 MB at a million), a third makes "
        "numbers of bytes, a fifth compares: nearly all of it grows with the friends, so the better the small sizes get, the steeper "
        "the growth looks. At a tenth of the size the trip itself is most of our time, and the ratio to SQLite is small."
    ),
    "B16": "Most of it is the record: tags with their moment and reason, answers with their origin, and the history.",
    "B18": (
        "A new row takes some 100 us of processor time, 250 before: a quarter names his fifty bitmaps, 15 us pack his record, 10 make "
        "a friend of the row, 16 read it twice (once to find every mistake before anything is written), the rest are index entries and "
        "the command; Redis takes 15 to 20. Tried: bits of new friends as whole bytes (three times as fast by itself), a way past "
        "decisions and effects, no garbage collection, two processes with half of the shards each; naming bitmaps without sets brought "
        "nothing. Reckoned from processor time two idle cores end near 17,000 rows a second, four above the goal. An export takes 20 to "
        "28 us a row, in two processes; a third of that is inflating the record."
    ),
    "B19": "The product loads its scripts' grammars, settings and store at the start; the messaging models of the SDK come later, in the background.",
    "B20": (
        "Every commit waits for the disk; batches of 200 keep the price low, and another batch is decided meanwhile."
    ),
    "B21": "The fixed cost of a trip falls away with size; what grows is memory over-allocated by Redis for bitmaps.",
    "B23": "The dyno starts a new worker, which imports for seconds; with a second worker nothing is waited for.",
}
