"""Whom a resource's policy lets in, read from its JSON: one statement at a time, without a parser.

AWS's policies have a fixed depth: a statement holds a principal, flat, and a condition of operators with keys. So the
conditions are replaced first, then no statement holds braces, and each piece up to a closing brace has one at most.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

# Keys of conditions that keep a statement for everybody (`"*"`) within the organisation, its network or its services.
LIMITING = r"(aws:(PrincipalOrg|PrincipalAccount|PrincipalArn|Source(Account|Arn|Ip|Org|Vpc))|kms:CallerAccount)"
_OPERATORS = r'("[^"]+":\{[^{}]*\},?)*'
_LIMITED = rf'(?i)"Condition":\{{{_OPERATORS}"[^"]+":\{{[^{{}}]*"{LIMITING}[^{{}}]*\}},?{_OPERATORS}\}}'
_OTHER = rf'"Condition":\{{{_OPERATORS}\}}'
_NEXT = r',"(Version|Id|Sid|Effect|Action|NotAction|Resource|NotResource|Condition|Limited)":'


def principals(policy: ir.StringValue) -> ir.StringValue:
    """What the principals of allowing statements are, in quotation marks; of limited ones nothing. Null for no text."""
    plain = policy.re_replace(r"\s|\$\{[^{}]*\}", "")
    conditions = plain.re_replace(_LIMITED, '"Limited":1').re_replace(_OTHER, '"Condition":0')
    flat = conditions.re_replace(r'"Principal":\{([^{}]*)\}', r'"Principal":\1')
    allowing = flat.split("}").filter(
        lambda one: one.contains('"Effect":"Allow"') & ~one.contains('"Limited":') & one.contains('"Principal":')
    )
    named = allowing.map(lambda one: one.re_extract(rf'"Principal":(.*?)({_NEXT}|$)', 1))
    return ibis.ifelse(policy.notnull(), named.join('"'), ibis.null("string"))
