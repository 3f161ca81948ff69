"""The values of a statement that have a form of their own: strings and maps.

Each is the type it is written as (text stays text), checked by one compiled pattern in
pydantic-core and reported as one of the project's rules. Sections: xAPI 1.0.3 part 2,
section 4, and IEEE 9274.1.1, 4.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetPydanticSchema
from pydantic_core import CoreSchema, core_schema

from loader.xapi.patterns import (
    COMMON_LANGUAGE_TAG,
    DURATION,
    IRI,
    MBOX,
    MEDIA_TYPE,
    SHA1,
    SHA2,
    TIMESTAMP,
    UUID,
    VERSION,
    is_language_tag,
)
from loader.xapi.rules import Rule

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


class Part(BaseModel):
    """What the objects of a statement have in common: nothing but their own properties.

    Types are not converted ("1" is no number), and a null is no value.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


T = TypeVar("T")


class _Unless:
    """Marks a property that may be missing, though not null: None stands for "missing"."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        (present,) = (kind for kind in source.__args__ if kind is not type(None))
        return handler.generate_schema(present)


Maybe = Annotated[T | None, _Unless()]


def _form(rule: Rule, schema: CoreSchema) -> GetPydanticSchema:
    """A schema whose failures are all reported as one rule."""
    made = core_schema.custom_error_schema(
        schema, custom_error_type=rule.code, custom_error_message=rule.sentence
    )
    return GetPydanticSchema(lambda _source, _handler: made)


def _text(pattern: str) -> CoreSchema:
    return core_schema.str_schema(pattern=pattern, strict=True)


def _rare_language_tag(value: Any) -> str:
    if isinstance(value, str) and is_language_tag(value):
        return value
    raise ValueError


_language_tag = core_schema.union_schema(
    [
        _text(COMMON_LANGUAGE_TAG),
        core_schema.no_info_plain_validator_function(_rare_language_tag),
    ],
    mode="left_to_right",
)


def _map(keys: Rule, key: CoreSchema, values: CoreSchema, at_least: int = 0) -> GetPydanticSchema:
    named = core_schema.custom_error_schema(
        key, custom_error_type=keys.code, custom_error_message=keys.sentence
    )
    made = core_schema.dict_schema(named, values, strict=True, min_length=at_least)
    return GetPydanticSchema(lambda _source, _handler: made)


Iri = Annotated[str, _form(Rule.IRI, _text(IRI))]
Uuid = Annotated[str, _form(Rule.UUID, _text(UUID))]
Timestamp = Annotated[str, _form(Rule.TIMESTAMP, _text(TIMESTAMP))]
Duration = Annotated[str, _form(Rule.DURATION, _text(DURATION))]
Mbox = Annotated[str, _form(Rule.MBOX, _text(MBOX))]
Sha1 = Annotated[str, _form(Rule.MBOX_SHA1SUM, _text(SHA1))]
Sha2 = Annotated[str, _form(Rule.SHA2, _text(SHA2))]
MediaType = Annotated[str, _form(Rule.MEDIA_TYPE, _text(MEDIA_TYPE))]
Version = Annotated[str, _form(Rule.VERSION, _text(VERSION))]
LanguageTag = Annotated[str, _form(Rule.LANGUAGE_TAG, _language_tag)]
LanguageMap = Annotated[
    dict[str, str],
    _map(Rule.LANGUAGE_TAG, _language_tag, core_schema.str_schema(strict=True), at_least=1),
]
Extensions = Annotated[
    dict[str, Any], _map(Rule.EXTENSION_KEY, _text(IRI), core_schema.any_schema())
]
Number = Annotated[
    int | float,
    _form(
        Rule.NUMBER,
        core_schema.union_schema(
            [
                core_schema.int_schema(strict=True),
                core_schema.float_schema(strict=True, allow_inf_nan=False),
            ],
            mode="left_to_right",
        ),
    ),
]
Length = Annotated[int, _form(Rule.LENGTH, core_schema.int_schema(strict=True, ge=0))]
