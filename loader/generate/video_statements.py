"""Statements on videos: one function a kind. Positions are in seconds of the video."""

from __future__ import annotations

from loader.generate.blocks import Block
from loader.generate.compose import Scene, statement
from loader.generate.vocabulary import (
    CAPTIONS,
    COMPLETED,
    INITIALIZED,
    INTERACTED,
    LENGTH,
    PAUSED,
    PLAYED,
    POSITION,
    POSITION_FROM,
    POSITION_TO,
    SEEKED,
    SPEED_FROM,
    SPEED_TO,
    TERMINATED,
    VIDEO_TYPE,
    Verb,
)


def _video(verb: Verb, scene: Scene, moment: int, video: Block, result: str) -> str:
    return statement(
        verb,
        scene,
        moment,
        f'{{"id": "{video.iri}", "objectType": "Activity", '
        f'"definition": {{"type": "{VIDEO_TYPE}"}}}}',
        result=result,
        extensions=f'"{LENGTH}": {video.content.length}',
    )


def _at(position: float) -> str:
    return f'{{"extensions": {{"{POSITION}": {round(position, 3)}}}}}'


def loaded(scene: Scene, moment: int, video: Block) -> str:
    """The player is ready."""
    return _video(INITIALIZED, scene, moment, video, "")


def played(scene: Scene, moment: int, video: Block, position: float) -> str:
    """Play was pressed."""
    return _video(PLAYED, scene, moment, video, _at(position))


def paused(scene: Scene, moment: int, video: Block, position: float) -> str:
    """Pause was pressed."""
    return _video(PAUSED, scene, moment, video, _at(position))


def stopped(scene: Scene, moment: int, video: Block, position: float) -> str:
    """The player reached the end or was left."""
    return _video(TERMINATED, scene, moment, video, _at(position))


def completed(scene: Scene, moment: int, video: Block) -> str:
    """The video was watched to its end; the position told is its length."""
    length = video.content.length
    minutes, seconds = divmod(int(length), 60)
    result = (
        f'{{"completion": true, "duration": "PT{minutes:02d}M{seconds:02d}S", '
        f'"extensions": {{"{POSITION}": {round(length, 3)}}}}}'
    )
    return _video(COMPLETED, scene, moment, video, result)


def seeked(scene: Scene, moment: int, video: Block, start: float, end: float) -> str:
    """A jump from one position to another."""
    result = (
        f'{{"extensions": {{"{POSITION_FROM}": {round(start, 3)}, '
        f'"{POSITION_TO}": {round(end, 3)}}}}}'
    )
    return _video(SEEKED, scene, moment, video, result)


def speed_changed(scene: Scene, moment: int, video: Block, old: float, new: float) -> str:
    """The playing speed was changed."""
    result = f'{{"extensions": {{"{SPEED_FROM}": "{old:g}x", "{SPEED_TO}": "{new:g}x"}}}}'
    return _video(INTERACTED, scene, moment, video, result)


def captions_switched(scene: Scene, moment: int, video: Block, position: float, shown: bool) -> str:
    """The transcript or the captions were shown or hidden."""
    result = (
        f'{{"extensions": {{"{POSITION}": {round(position, 3)}, '
        f'"{CAPTIONS}": {"true" if shown else "false"}}}}}'
    )
    return _video(INTERACTED, scene, moment, video, result)
