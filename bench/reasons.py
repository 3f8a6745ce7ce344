"""Why a goal is missed, and what meeting it would take: found by profiles, shown beside the figure."""

REASONS: dict[str, str] = {
    "B1": (
        "The way is as planned (two trips to Redis, one bounded sender), but Python's share of it is not: of the processor time "
        "of a bare text message a quarter goes into Flask and gunicorn, a quarter into the lane to LINE (aiohttp, its pacing, a "
        "log line), the rest into loading, deciding and committing, a fifth of that into writing the outbox's entries and "
        "another into log lines. Tried: no ring to RQ for notices (a third of a request), removals of all shards in one trip, no "
        "`asdict`. Next would be one prepared entry instead of two for reply and notice, and a leaner HTTP lane."
    ),
    "B2": "The same processor time as B1: with LINE at 50 ms it stays nearly what it is at 0 ms, which is the point; the ratio follows B1.",
    "B4": "The 99th percentile follows the processor time of B1; at 600 events a second one core is close to full.",
    "B5": "An answer writes more (a tag, a score, a field, bitmaps, the next question) than a bare word.",
    "B6": "The reply leaves after the commit from the same process; on a core that is busy it waits for its turn.",
    "B7": (
        "One friend costs reading and unpacking his record, deciding, packing and the indexes, in about equal parts. Against 28 ms "
        "for a forked job that is a factor near a hundred, not two hundred. Tried: no garbage collection in the middle of a batch "
        "(+15 %), JSON by msgspec, batches of 200. Next: records read straight into their classes (msgspec, a fifth of the time), "
        "and a decision that copies the friend once instead of seven times."
    ),
    "B8": (
        "A broadcast is decided for each friend like a step, so that caps, hours and blocks hold for it too: it goes at the pace of "
        "B7, not at LINE's. Workers add up to the ceiling; eight cores would reach it."
    ),
    "B9": "The tick rings once a second and the scheduler looks five times a second: half a second on average, and the job's own time on top.",
    "B10": (
        "A round of 200 pushes is sent and waited for before the next 200 friends are decided, and each push costs 0.4 ms of "
        "processor time. Deciding the next batch while the last is on the wire would fill the gap; the share of a core is the lane's."
    ),
    "B11": "Worker, web, Redis and the load share two cores here.",
    "B12": "At a tenth of the size the fixed cost of one trip and of naming eighty bitmaps is most of our time; the ratio grows with the friends.",
    "B16": "Most of it is the record: tags with their moment and reason, answers with their origin, and the history.",
    "B18": (
        "A row costs what any commit costs: a record packed, its bitmaps, its share of a script call. Two processes, each with half of "
        "the shards, would double it; reading records straight into rows would be a second way to read them."
    ),
    "B19": "The product loads its scripts' grammars, settings and store at the start; the messaging models of the SDK come later, in the background.",
    "B20": "Every commit waits for the disk; batches of 200 keep the price low.",
    "B21": "The fixed cost of a trip falls away with size; what grows is memory over-allocated by Redis for bitmaps.",
    "B23": "The dyno starts a new worker, which imports for seconds; with a second worker nothing is waited for.",
}
