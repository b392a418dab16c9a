"""Stripe's lists: newest first, cursors that are ids, `created` as a second or a range."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest, no_such
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, listing, public

PAGING = "limit starting_after ending_before"
_DEFAULT_LIMIT, _MAX_LIMIT = 10, 100


def page(call: Call, kind: str, *filters: str, **fixed: Any) -> Json:
    """One page of the objects of this kind whose fields equal the given filter parameters and the fixed values."""
    equal = {name: call.params[name] for name in filters if name in call.params} | fixed
    return page_where(call, kind, equal, lambda _: True)


def page_where(call: Call, kind: str, equal: Json, keeps: Callable[[Json], bool]) -> Json:
    """One page of the objects that have these fields and that `keeps` accepts."""
    limit = _limit(call)
    older, newer = _cursor(call, kind, "starting_after"), _cursor(call, kind, "ending_before")
    if older is not None and newer is not None:
        raise InvalidRequest("You may only specify one of these parameters: starting_after, ending_before.")
    wanted = filter(keeps, call.store.scan(Query(kind, equal, _created(call), older, newer)))
    found = list(islice(wanted, limit + 1))
    data = [public(body) for body in found[:limit]]
    return listing(call.path, data[::-1] if newer is not None else data, has_more=len(found) > limit)


def page_among(call: Call, items: Sequence[Json]) -> Json:
    """One page of these objects, in the order they have: the lines of a document."""
    limit, ids = _limit(call), [item["id"] for item in items]
    after, before = (_index(call, ids, name) for name in ("starting_after", "ending_before"))
    if after is not None and before is not None:
        raise InvalidRequest("You may only specify one of these parameters: starting_after, ending_before.")
    wanted = items[:before] if before is not None else items[0 if after is None else after + 1 :]
    shown = wanted[-limit:] if before is not None else wanted[:limit]
    return listing(call.path, [public(item) for item in shown], has_more=len(wanted) > limit)


def _index(call: Call, ids: list[str], param: str) -> int | None:
    object_id = call.params.get(param)
    if object_id is None:
        return None
    if object_id not in ids:
        raise InvalidRequest(no_such("line item", object_id), code="resource_missing", param=param)
    return ids.index(object_id)


def _limit(call: Call) -> int:
    limit: int = call.params.get("limit", _DEFAULT_LIMIT)
    if not 1 <= limit <= _MAX_LIMIT:
        raise InvalidRequest(
            f"This value must be greater than or equal to 1 and at most {_MAX_LIMIT}.",
            code="parameter_invalid_integer",
            param="limit",
        )
    return limit


def _cursor(call: Call, kind: str, param: str) -> int | None:
    object_id = call.params.get(param)
    if object_id is None:
        return None
    position = call.store.position(kind, object_id)
    if position is None:
        raise InvalidRequest(no_such(kind, object_id), code="resource_missing", param=param)
    return position


def _created(call: Call) -> Json:
    created = call.params.get("created", {})
    return {"gte": created, "lte": created} if isinstance(created, int) else created
