"""Watching a video: what the player reports, in step with the clock on the wall."""

from __future__ import annotations

import math

from loader.generate import video_statements as told
from loader.generate.blocks import Block
from loader.generate.chance import between, pick
from loader.generate.session import Session

SPEEDS = (0.75, 1.25, 1.5, 2.0)


class Player:
    """A video player: where it is, how fast it plays, whether captions are on."""

    __slots__ = ("captions", "patience", "position", "session", "speed", "video")

    def __init__(self, session: Session, video: Block, patience: float) -> None:
        self.session = session
        self.video = video
        self.patience = patience
        self.position = 0.0
        self.speed = 1.0
        self.captions = session.rng.random() < 0.3

    def play(self) -> None:
        """Press play, or have the player report that it plays on after a jump."""
        self.session.act(told.played, self.video, self.position)

    def play_to_end(self) -> None:
        """Play what is left; the player stops by itself."""
        length = self.video.content.length
        self.session.pass_time((length - self.position) / self.speed)
        self.session.act(told.completed, self.video)
        self.session.pass_time(0.02)
        self.session.act(told.stopped, self.video, length)

    def play_for(self, seconds: float) -> None:
        """Play some seconds of the video."""
        self.session.pass_time(seconds / self.speed)
        self.position += seconds

    def pause(self) -> bool:
        """Pause; return whether the learner comes back and plays on."""
        session = self.session
        session.act(told.paused, self.video, self.position)
        if session.rng.random() < 0.5 + 0.48 * self.patience:
            session.wait(2.0, 90.0)
            self.play()
            return True
        if session.rng.random() < 0.6:
            session.wait(0.2, 20.0)
            session.act(told.stopped, self.video, self.position)
        return False

    def seek(self) -> None:
        """Jump while playing: half of the jumps go back a little, half ahead."""
        rng = self.session.rng
        start = self.position
        if rng.random() < 0.5:
            self.position = round(max(0.0, start - between(rng, 5.0, 60.0)), 3)
        else:
            self.position = round(between(rng, start, self.video.content.length), 3)
        self.session.act(told.seeked, self.video, start, self.position)
        if rng.random() < 0.8:
            # Most players report a new play once the picture is there again.
            self.session.pass_time(between(rng, 0.05, 0.4))
            self.play()

    def adjust(self) -> None:
        """Change the speed, or show or hide the captions, while playing on."""
        session = self.session
        if session.rng.random() < 0.45:
            new = pick(session.rng, SPEEDS) if self.speed == 1.0 else 1.0
            session.act(told.speed_changed, self.video, self.speed, new)
            self.speed = new
        else:
            self.captions = not self.captions
            session.act(told.captions_switched, self.video, self.position, self.captions)


def watch(session: Session, video: Block, patience: float) -> bool:
    """Let the learner watch; return whether the video was seen to its end.

    While it plays, the position moves by the seconds passed times the speed, and so do the
    positions reported. `patience` (0 to 1) is how likely the learner stays.
    """
    rng = session.rng
    length = video.content.length
    player = Player(session, video, patience)
    session.wait(0.3, 3.0)
    session.act(told.loaded, video)
    if rng.random() > 0.75 + 0.25 * patience:
        return False
    session.wait(0.5, 8.0)
    if rng.random() < 0.15:
        player.position = round(between(rng, 0.0, length * 0.6), 3)
    player.play()
    while True:
        stretch = -math.log(1.0 - rng.random()) * (20.0 + length * 0.24)
        if player.position + stretch >= length - 0.5:
            player.play_to_end()
            return True
        player.play_for(stretch)
        chance = rng.random()
        if chance < 0.48:
            if not player.pause():
                return False
        elif chance < 0.78:
            player.seek()
        elif chance < 0.95:
            player.adjust()
        else:
            session.act(told.stopped, video, player.position)
            return False
