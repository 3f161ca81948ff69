"""`loader completion`: let the shell complete commands, options and their values."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from loader.cli.outcome import in_plain_words

# The shell asks by calling us with this variable set.
VARIABLE = "_LOADER_COMPLETE"


@in_plain_words()
def completion(
    shell: Annotated[
        Literal["bash", "zsh", "fish"], typer.Argument(metavar="SHELL", help="bash, zsh or fish.")
    ],
) -> None:
    """Print what a shell has to read so that the Tab key completes commands and options.

    \b
    Once, and it holds for every shell that is opened from then on:
      bash: put  eval "$(loader completion bash)"  into ~/.bashrc
      zsh:  put  eval "$(loader completion zsh)"  into ~/.zshrc, after compinit
      fish: loader completion fish > ~/.config/fish/completions/loader.fish

    \b
    Examples:
      loader completion bash
      loader completion fish > ~/.config/fish/completions/loader.fish
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    typer.echo(get_completion_script(prog_name="loader", complete_var=VARIABLE, shell=shell))
