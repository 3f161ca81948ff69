"""Watching a video: what the player reports, in step with the clock on the wall."""

from __future__ import annotations

import math

from loader.generate import video_statements as told
from loader.generate.blocks import Block
from loader.generate.chance import between, pick
from loader.generate.session import Session

SPEEDS = (0.75, 1.25, 1.5, 2.0)


def watch(session: Session, video: Block, patience: float) -> bool:
    """Let the learner watch; return whether the video was seen to its end.

    While it plays, the position moves by the seconds passed times the speed, and so do the
    positions reported. `patience` (0 to 1) is how likely the learner stays.
    """
    rng = session.rng
    length = video.content.length
    session.wait(0.3, 3.0)
    session.act(told.loaded, video)
    if rng.random() > 0.55 + 0.45 * patience:
        return False
    session.wait(0.5, 8.0)
    position = 0.0 if rng.random() < 0.85 else round(between(rng, 0.0, length * 0.6), 3)
    session.act(told.played, video, position)
    speed = 1.0
    captions = rng.random() < 0.3
    while True:
        stretch = -math.log(1.0 - rng.random()) * (30.0 + length * 0.45)
        if position + stretch >= length - 0.5:
            session.pass_time((length - position) / speed)
            session.act(told.completed, video)
            session.pass_time(0.02)
            session.act(told.stopped, video, length)
            return True
        session.pass_time(stretch / speed)
        position += stretch
        began = session.now
        chance = rng.random()
        if chance < 0.42:
            session.act(told.paused, video, position)
            if rng.random() > 0.5 + 0.45 * patience:
                if rng.random() < 0.6:
                    session.wait(0.2, 20.0)
                    session.act(told.stopped, video, position)
                return False
            session.wait(2.0, 90.0)
            session.act(told.played, video, position)
            continue
        if chance < 0.72:
            target = _jump(session, position, length)
            session.act(told.seeked, video, position, target)
            position = target
            if rng.random() < 0.7:
                # Most players report a new play after a jump, once the picture is there again.
                session.pass_time(between(rng, 0.05, 0.4))
                session.act(told.played, video, position)
                continue
        elif chance < 0.80:
            faster = pick(rng, SPEEDS) if speed == 1.0 else 1.0
            session.act(told.speed_changed, video, speed, faster)
            speed = faster
        elif chance < 0.90:
            captions = not captions
            session.act(told.captions_switched, video, position, captions)
        elif chance < 0.94:
            session.act(told.stopped, video, position)
            return False
        # Still playing: the clock moved by the moment the act took.
        position = min(length, position + (session.now - began) * speed / 1e6)


def _jump(session: Session, position: float, length: float) -> float:
    """Return where a jump leads: half of them go back a little, half ahead."""
    rng = session.rng
    if rng.random() < 0.5:
        return round(max(0.0, position - between(rng, 5.0, 60.0)), 3)
    return round(between(rng, position, length), 3)
