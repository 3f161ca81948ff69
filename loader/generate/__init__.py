"""A made-up but believable teaching platform, the same every time: `loader generate`.

`generate` writes xAPI statements as Open edX sends them and the dumps that belong to them.
"""

from loader.generate.generator import generate
from loader.generate.options import GeneratedFiles, GeneratorOptions

__all__ = ["GeneratedFiles", "GeneratorOptions", "generate"]
