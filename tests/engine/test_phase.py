"""The table of legal moves."""

import pytest

from flows.friend import Phase
from flows.phase import MOVES, By, IllegalMove, allows, move


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("by", list(By))
def test_the_machine_is_the_table(phase, by):
    target = next((dest for cause, sources, dest in MOVES if cause is by and phase in sources), None)
    assert allows(phase, by) is (target is not None)
    if target is None:
        with pytest.raises(IllegalMove):
            move(phase, by)
    else:
        assert move(phase, by) is target


def test_nobody_is_stranded():
    for start in Phase:
        reached = {start}
        while True:
            more = {dest for cause, sources, dest in MOVES for phase in sources if phase in reached} - reached
            if not more:
                break
            reached |= more
        assert Phase.IDLE in reached
