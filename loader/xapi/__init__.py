"""The complete data model of xAPI statements, 1.0.3 and 2.0 (IEEE 9274.1.1), as pydantic models.

    from loader.xapi import Statement, violations

    statement = Statement.model_validate_json(text)  # or pydantic's ValidationError
    for violation in violations(text):  # path, rule, section
        print(violation)

The models keep every value as it is written: times and durations stay text. What was not
there is None; `model_dump(exclude_unset=True)` gives the statement as it came.
"""

from loader.xapi.activities import (
    Activity,
    ActivityDefinition,
    InteractionComponent,
    InteractionType,
    Verb,
)
from loader.xapi.actors import Account, Actor, Agent, Group
from loader.xapi.rules import Rule
from loader.xapi.statements import (
    Attachment,
    Context,
    ContextActivities,
    ContextAgent,
    ContextGroup,
    Result,
    Score,
    Statement,
    StatementRef,
    SubStatement,
)
from loader.xapi.violations import Violation, violations

__all__ = [
    "Account",
    "Activity",
    "ActivityDefinition",
    "Actor",
    "Agent",
    "Attachment",
    "Context",
    "ContextActivities",
    "ContextAgent",
    "ContextGroup",
    "Group",
    "InteractionComponent",
    "InteractionType",
    "Result",
    "Rule",
    "Score",
    "Statement",
    "StatementRef",
    "SubStatement",
    "Verb",
    "Violation",
    "violations",
]
