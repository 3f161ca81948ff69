"""The generator as a whole: from options to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from loader.generate.arrival import Arrivals
from loader.generate.catalog import build_catalog
from loader.generate.dumps import Dumps
from loader.generate.options import GeneratedFiles, GeneratorOptions
from loader.generate.people import build_learners
from loader.generate.session import text_of
from loader.generate.timeline import Timeline
from loader.generate.writer import SUFFIXES, open_lines


def generate(
    out: Path, options: GeneratorOptions, progress: Callable[[int], None] | None = None
) -> GeneratedFiles:
    """Write `statements.jsonl` and the tables beside it into the folder `out`.

    The folder is made if it is missing; files of an earlier run are overwritten. `progress` is
    called after each day of the period with the number of statements made so far. Equal options
    give equal bytes (compressed files: as long as the compressing library is the same).
    """
    out.mkdir(parents=True, exist_ok=True)
    courses = build_catalog(options)
    learners = build_learners(options, courses)
    dump_paths = Dumps(options, courses, learners).write(out)
    path = out / f"statements.jsonl{SUFFIXES[options.compress]}"
    timeline = Timeline(options, learners)
    made = 0
    with open_lines(path, options.compress) as writer:
        arrivals = Arrivals(options, writer, timeline.end)
        for acts in timeline.play():
            for act in acts:
                arrivals.arrive(act[0], text_of(act))
            made += len(acts)
            if progress:
                progress(made)
        arrivals.finish()
    counts = arrivals.counts
    return GeneratedFiles(
        statements_path=path,
        dump_paths=dump_paths,
        lines=writer.lines,
        statements=made,
        duplicates=counts["duplicates"],
        late=counts["late"],
        shuffled=counts["shuffled"],
        voided=counts["voided"],
        voided_ahead=counts["voided_ahead"],
        malformed=counts["malformed"],
        malformed_by_kind=dict(sorted(arrivals.kinds.items())),
        learners=len(learners),
        courses=len(courses),
    )
